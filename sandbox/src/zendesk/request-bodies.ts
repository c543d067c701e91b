import { z } from 'zod';
import { triggers } from '../platform/create-webhooks.ts';
import { profileSchema } from '../state/records.ts';
import { metadataSchema, webAddress } from '../state/values.ts';
import { postedContentSchema } from './posted-content.ts';

const displayName = z.string().min(1).max(100);

export const tokenBody = z.strictObject({
  code: z.string().min(1),
  grant_type: z.literal('authorization_code'),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
});

/** Plain http is for a bot on this machine only, everything else has to be https. */
const targetSchema = z.url({ protocol: /^https?$/ }).refine(
  (target) => {
    const { protocol, hostname } = new URL(target);
    return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  },
  { error: 'should be an https URL' },
);

export const webhookUpdateBody = z.strictObject({
  target: targetSchema.optional(),
  triggers: z.array(z.enum(triggers)).min(1).optional(),
  includeFullUser: z.boolean().optional(),
  includeFullSource: z.boolean().optional(),
});

export const webhookCreateBody = z.strictObject({
  target: targetSchema,
  triggers: z.array(z.enum(triggers)).min(1),
  includeFullUser: z.boolean().default(false),
  includeFullSource: z.boolean().default(false),
});

export const userCreateBody = z.strictObject({
  externalId: z.string().min(1).max(1024).optional(),
  brandId: z.string().min(1).max(24).nullish(),
  signedUpAt: z.iso.datetime({ offset: true }).optional(),
  toBeRetained: z.boolean().optional(),
  profile: profileSchema.optional(),
  metadata: metadataSchema.optional(),
});

const participantSchema = z.union([
  z.strictObject({ userId: z.string(), subscribeSDKClient: z.boolean().optional() }),
  z.strictObject({ userExternalId: z.string(), subscribeSDKClient: z.boolean().optional() }),
]);

export const conversationUpdateBody = z.strictObject({
  displayName: displayName.nullish(),
  description: z.string().min(1).max(100).nullish(),
  iconUrl: webAddress.nullish(),
  metadata: metadataSchema.optional(),
});

export const conversationCreateBody = z
  .strictObject({
    ...conversationUpdateBody.shape,
    type: z.enum(['personal', 'sdkGroup']),
    participants: z.array(participantSchema).max(10).default([]),
  })
  .refine(({ type, participants }) => type === 'sdkGroup' || participants.length === 1, {
    path: ['participants'],
    error: 'a personal conversation has exactly one participant',
  });

const businessAuthor = z.strictObject({
  type: z.literal('business'),
  displayName: displayName.optional(),
  avatarUrl: webAddress.optional(),
  subtypes: z.array(z.literal('AI')).length(1).optional(),
});

const userAuthor = z.strictObject({
  type: z.literal('user'),
  userId: z.string().optional(),
  userExternalId: z.string().optional(),
  brandId: z.string().min(1).max(24).nullish(),
});

const destinationSchema = z.union([
  z.strictObject({ integrationId: z.string() }),
  z.strictObject({ integrationType: z.string() }),
]);

export const messageBody = z.strictObject({
  author: z.discriminatedUnion('type', [businessAuthor, userAuthor]),
  content: postedContentSchema,
  destination: destinationSchema.optional(),
  metadata: metadataSchema.optional(),
  override: z.record(z.string(), z.unknown()).optional(),
  schema: z.string().optional(),
});

export const activityBody = z
  .strictObject({
    author: z.discriminatedUnion('type', [businessAuthor, userAuthor]),
    type: z.enum(['typing:start', 'typing:stop', 'conversation:read']),
  })
  .refine(({ author, type }) => author.type === 'business' || type === 'conversation:read', {
    path: ['author', 'type'],
    error: 'a user can only send conversation:read',
  });

export const controlTargetBody = z.strictObject({
  switchboardIntegration: z.string().min(1),
  metadata: metadataSchema.optional(),
});

/** Optional as a whole: a call without a body is fine. */
export const controlBody = z.strictObject({ metadata: metadataSchema.optional() }).default({});

export type MessageAuthor = z.infer<typeof messageBody>['author'];
