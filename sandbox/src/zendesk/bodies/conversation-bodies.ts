import { z } from 'zod';
import { displayName, metadataSchema, webAddress } from '../../state/values.ts';

const subscribeSDKClient = z.boolean().optional();

const participantBody = z.union([
  z.strictObject({ userId: z.string(), subscribeSDKClient }),
  z.strictObject({ userExternalId: z.string(), subscribeSDKClient }),
]);

/** Only groups are joined. */
export const joinBody = participantBody.refine((one) => one.subscribeSDKClient !== undefined, {
  path: ['subscribeSDKClient'],
  error: 'is required in a group',
});

export const leaveBody = z.union([
  z.strictObject({ userId: z.string() }),
  z.strictObject({ userExternalId: z.string() }),
  z.strictObject({ participantId: z.string() }),
]);

export const conversationUpdateBody = z.strictObject({
  displayName: displayName.nullish(),
  description: z.string().min(1).max(100).nullish(),
  iconUrl: webAddress.nullish(),
  metadata: metadataSchema.optional(),
});

const ALONE = 'a personal conversation has exactly one participant';

export const conversationCreateBody = z.discriminatedUnion('type', [
  z.strictObject({
    ...conversationUpdateBody.shape,
    type: z.literal('personal'),
    participants: z.array(participantBody, { error: ALONE }).length(1, { error: ALONE }),
  }),
  z.strictObject({
    ...conversationUpdateBody.shape,
    type: z.literal('sdkGroup'),
    participants: z.array(joinBody).max(10).default([]),
  }),
]);

export const controlTargetBody = z.strictObject({
  switchboardIntegration: z.string().min(1),
  metadata: metadataSchema.optional(),
});

export const acceptBody = z.strictObject({ metadata: metadataSchema.optional() });

/** Optional as a whole: a call without a body is fine. */
export const releaseBody = acceptBody.default({});

const metaEvents = z.strictObject({
  payload: z.looseObject({ data: z.array(z.looseObject({})) }),
});

/** Of exactly one channel. */
export const conversionEventsBody = z
  .strictObject({
    messenger: metaEvents.optional(),
    instagram: metaEvents.optional(),
    whatsapp: metaEvents.optional(),
  })
  .refine((channels) => Object.keys(channels).length === 1, {
    error: 'should name one channel: messenger, instagram or whatsapp',
  });

const text = z.string().min(1);

export const downloadBody = z.strictObject({
  userId: text,
  apple: z
    .strictObject({
      interactiveDataRef: z.strictObject({
        url: text,
        bid: text,
        key: text,
        signature: text,
        owner: text,
      }),
    })
    .optional(),
});

/** `for`: with it the file goes when its message, conversation or user goes. */
export const uploadQuery = z.strictObject({
  access: z.literal('public'),
  for: z.literal('message').optional(),
  conversationId: text.optional(),
});

export const attachmentDeleteBody = z.strictObject({ mediaUrl: text });
