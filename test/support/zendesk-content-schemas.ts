import { z } from 'zod';

// Written from the schemas of the official API description 17.12.1: `textMessage`,
// `carouselMessage`, `item`, `action` and their neighbours. Independent of the sandbox on purpose.

const text4096 = z.string().max(4096);
const text128 = z.string().max(128);
const uri = z.url();

export const metadata = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .nullable();

const link = z.strictObject({
  type: z.literal('link'),
  text: z.string(),
  uri: z.string(),
  default: z.boolean().optional(),
  metadata: metadata.optional(),
  extraChannelOptions: z.looseObject({}).optional(),
});

const postback = z.strictObject({
  type: z.literal('postback'),
  text: z.string(),
  payload: z.string(),
  metadata: metadata.optional(),
});

const reply = z.strictObject({
  type: z.literal('reply'),
  text: z.string(),
  payload: z.string(),
  metadata: metadata.optional(),
  iconUrl: z.string().optional(),
});

const webview = z.strictObject({
  type: z.literal('webview'),
  text: z.string(),
  uri: z.string(),
  fallback: z.string(),
  default: z.boolean().optional(),
  metadata: metadata.optional(),
  extraChannelOptions: z.looseObject({}).optional(),
  size: z.enum(['compact', 'tall', 'full']).optional(),
  openOnReceive: z.boolean().optional(),
});

const buy = z.strictObject({
  type: z.literal('buy'),
  text: z.string(),
  amount: z.int(),
  currency: z.string().optional(),
  metadata: metadata.optional(),
});

const locationRequest = z.strictObject({
  type: z.literal('locationRequest'),
  text: z.string(),
  metadata: metadata.optional(),
});

const cardAction = z.discriminatedUnion('type', [link, postback, webview, buy]);
const action = z.discriminatedUnion('type', [link, postback, webview, buy, reply, locationRequest]);

const card = z.strictObject({
  title: text128.min(1),
  description: text128.optional(),
  mediaUrl: uri.max(2048).optional(),
  mediaType: text128.optional(),
  altText: text128.optional(),
  size: z.enum(['compact', 'large']).optional(),
  actions: z.array(cardAction).min(1).max(3),
  metadata: metadata.optional(),
});

const blockChatInput = z.boolean().optional();

const text = z.strictObject({
  type: z.literal('text'),
  text: text4096.optional(),
  htmlText: text4096.optional(),
  markdownText: text4096.optional(),
  blockChatInput,
  actions: z.array(action).optional(),
  payload: z.string().optional(),
});

const carousel = z.strictObject({
  type: z.literal('carousel'),
  items: z.array(card).min(1).max(10),
  blockChatInput,
  displaySettings: z
    .strictObject({ imageAspectRatio: z.enum(['horizontal', 'square']).optional() })
    .optional(),
});

const list = z.strictObject({
  type: z.literal('list'),
  items: z.array(card).min(1).max(10),
  blockChatInput,
  actions: z.array(cardAction).min(1).max(10).optional(),
});

const file = z.strictObject({
  type: z.literal('file'),
  mediaUrl: uri,
  altText: text128.optional(),
  text: z.string().optional(),
  htmlText: text4096.optional(),
  markdownText: text4096.optional(),
  blockChatInput,
  attachmentId: z.string().optional(),
});

const image = z.strictObject({
  ...file.shape,
  type: z.literal('image'),
  actions: z.array(action).optional(),
});

const location = z.strictObject({
  type: z.literal('location'),
  coordinates: z.strictObject({ lat: z.number(), long: z.number() }),
  location: z
    .strictObject({ address: z.string().optional(), name: z.string().optional() })
    .optional(),
  blockChatInput,
});

/** What a message may contain when it is posted: no unknown and no read-only property. */
export const contentRequest = z.discriminatedUnion('type', [
  text,
  carousel,
  list,
  file,
  image,
  location,
]);

/** What a message contains when it is answered: read-only properties may be added. */
export const contentAnswer = z.discriminatedUnion('type', [
  text,
  carousel.extend({ text: z.string().optional() }),
  list,
  file.extend({ mediaType: text128.optional(), mediaSize: z.number().optional() }),
  image.extend({ mediaType: text128.optional(), mediaSize: z.number().optional() }),
  location.extend({ text: z.string().optional() }),
]);
