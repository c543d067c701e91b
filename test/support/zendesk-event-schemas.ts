import { z } from 'zod';
import { switchboardIntegration } from './zendesk-answer-schemas.ts';
import { contentAnswer, metadata } from './zendesk-content-schemas.ts';

// Written from the event schemas of the official API description 17.12.1 (`conversationMessageEvent`
// and its neighbours). A message's author carries a name and picture in the description's examples
// only, so they are allowed here.

const conversation = z.strictObject({
  id: z.string(),
  type: z.enum(['personal', 'sdkGroup']),
  metadata: metadata.optional(),
  activeSwitchboardIntegration: switchboardIntegration.optional(),
  pendingSwitchboardIntegration: switchboardIntegration.optional(),
});

const user = z.strictObject({
  id: z.string(),
  authenticated: z.boolean(),
  externalId: z.string().optional(),
  brandId: z.string().optional(),
  signedUpAt: z.string().optional(),
  toBeRetained: z.boolean().optional(),
  profile: z.looseObject({}).optional(),
  metadata: metadata.optional(),
  identities: z.array(z.looseObject({})).optional(),
});

const source = z.strictObject({
  type: z.string(),
  integrationId: z.string().optional(),
  client: z
    .strictObject({
      type: z.literal('sdk'),
      status: z.enum(['active', 'blocked', 'inactive', 'pending']),
      integrationId: z.string(),
    })
    .optional(),
});

const message = z.strictObject({
  id: z.string(),
  received: z.iso.datetime(),
  author: z.strictObject({
    type: z.enum(['business', 'user']),
    userId: z.string().optional(),
    user: user.optional(),
    displayName: z.string().optional(),
    avatarUrl: z.string().optional(),
    subtypes: z.array(z.string()).optional(),
  }),
  content: contentAnswer,
  source,
  metadata: metadata.optional(),
});

const error = z.strictObject({ code: z.string(), message: z.string() });

function event<T extends string, P extends z.ZodRawShape>(type: T, payload: P) {
  return z.strictObject({
    id: z.string(),
    type: z.literal(type),
    createdAt: z.iso.datetime(),
    payload: z.strictObject({ conversation, ...payload }),
  });
}

const control = {
  metadata: metadata.optional(),
  reason: z.enum(['ticketClosed', 'transferToEmail']).optional(),
};

/** A webhook delivery with the events the sandbox knows; anything not described is refused. */
export const deliverySchema = z.strictObject({
  app: z.strictObject({ id: z.string() }),
  webhook: z.strictObject({ id: z.string(), version: z.literal('v2') }),
  events: z.array(
    z.discriminatedUnion('type', [
      event('conversation:message', { message }),
      event('conversation:create', {
        creationReason: z.enum(['message', 'none', 'startConversation']),
        source,
        user: user.optional(),
      }),
      event('conversation:postback', {
        postback: z.strictObject({ payload: z.string(), metadata: metadata.optional() }),
        user,
        source,
      }),
      event('switchboard:passControl', control),
      event('switchboard:passControl:failure', { metadata: metadata.optional(), error }),
      event('switchboard:offerControl', { metadata: metadata.optional() }),
      event('switchboard:offerControl:failure', { metadata: metadata.optional(), error }),
      event('switchboard:acceptControl', { metadata: metadata.optional() }),
      event('switchboard:releaseControl', control),
    ]),
  ),
});
