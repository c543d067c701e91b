import { z } from 'zod';
import { metadataSchema, webAddress } from './values.ts';

/** Of one channel only, and only these are described. */
const extraChannelOptions = z
  .strictObject({
    messenger: z
      .strictObject({
        messenger_extensions: z.boolean().optional(),
        webview_share_button: z.literal('hide').optional(),
      })
      .optional(),
  })
  .optional();

const linkSchema = z.strictObject({
  type: z.literal('link'),
  text: z.string().min(1).max(128),
  uri: webAddress,
  default: z.boolean().optional(),
  metadata: metadataSchema.optional(),
  extraChannelOptions,
});

const postbackSchema = z.strictObject({
  type: z.literal('postback'),
  text: z.string().min(1).max(128),
  payload: z.string().min(1),
  metadata: metadataSchema.optional(),
});

const replySchema = z.strictObject({
  type: z.literal('reply'),
  text: z.string().min(1).max(128),
  payload: z.string().min(1),
  metadata: metadataSchema.optional(),
  iconUrl: webAddress.optional(),
});

const webviewSchema = z.strictObject({
  type: z.literal('webview'),
  text: z.string().min(1).max(128),
  uri: webAddress,
  fallback: webAddress,
  default: z.boolean().optional(),
  metadata: metadataSchema.optional(),
  extraChannelOptions,
  size: z.enum(['compact', 'tall', 'full']).optional(),
  openOnReceive: z.boolean().optional(),
});

const buySchema = z.strictObject({
  type: z.literal('buy'),
  text: z.string().min(1).max(128),
  amount: z.int(),
  currency: z.string().optional(),
  metadata: metadataSchema.optional(),
});

const locationRequestSchema = z.strictObject({
  type: z.literal('locationRequest'),
  text: z.string().min(1).max(128),
  metadata: metadataSchema.optional(),
});

/** The actions a card of a carousel or list may carry: no replies, no location requests. */
export const cardActionSchema = z.discriminatedUnion('type', [
  linkSchema,
  postbackSchema,
  webviewSchema,
  buySchema,
]);

/** The actions a text or an image may carry. */
export const actionSchema = z.discriminatedUnion('type', [
  linkSchema,
  postbackSchema,
  webviewSchema,
  buySchema,
  replySchema,
  locationRequestSchema,
]);

export type Action = z.infer<typeof actionSchema>;
