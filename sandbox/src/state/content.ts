import { z } from 'zod';
import { actionSchema, cardActionSchema } from './actions.ts';
import { metadataSchema, webAddress } from './values.ts';

const longText = z
  .string()
  .min(1)
  .max(4096, { error: 'should not be longer than 4096 characters' });
const shortText = z.string().max(128);
const blockChatInput = z.boolean().optional();
const actions = z.array(actionSchema).optional();

const cardSchema = z.strictObject({
  title: shortText.min(1),
  description: shortText.optional(),
  mediaUrl: webAddress.optional(),
  mediaType: shortText.optional(),
  altText: shortText.optional(),
  size: z.enum(['compact', 'large']).optional(),
  actions: z.array(cardActionSchema).min(1).max(3),
  metadata: metadataSchema.optional(),
});

const cards = z.array(cardSchema).min(1).max(10);

const textSchema = z
  .strictObject({
    type: z.literal('text'),
    text: longText.optional(),
    htmlText: longText.optional(),
    markdownText: longText.optional(),
    blockChatInput,
    actions,
    payload: z.string().optional(),
  })
  .refine(
    ({ text, htmlText, markdownText, actions: list }) => text ?? htmlText ?? markdownText ?? list,
    { path: ['text'], error: 'is required' },
  );

const carouselSchema = z.strictObject({
  type: z.literal('carousel'),
  items: cards,
  blockChatInput,
  displaySettings: z
    .strictObject({ imageAspectRatio: z.enum(['horizontal', 'square']).optional() })
    .optional(),
});

const listSchema = z.strictObject({
  type: z.literal('list'),
  items: cards,
  blockChatInput,
  actions: z.array(cardActionSchema).min(1).max(10).optional(),
});

const media = {
  mediaUrl: webAddress,
  altText: shortText.optional(),
  text: longText.optional(),
  htmlText: longText.optional(),
  markdownText: longText.optional(),
  blockChatInput,
  attachmentId: z.string().optional(),
};

const imageSchema = z.strictObject({ type: z.literal('image'), ...media, actions });
const fileSchema = z.strictObject({ type: z.literal('file'), ...media });

const locationSchema = z.strictObject({
  type: z.literal('location'),
  coordinates: z.strictObject({ lat: z.number(), long: z.number() }),
  location: z
    .strictObject({ address: z.string().optional(), name: z.string().optional() })
    .optional(),
  blockChatInput,
});

const fieldSchema = z.strictObject({
  type: z.enum(['email', 'select', 'text']),
  name: shortText.min(1),
  label: shortText.min(1),
  text: z.string().min(1).max(256).optional(),
  email: shortText.min(1).optional(),
  select: z.array(z.record(z.string(), z.unknown())).optional(),
  format: z.enum(['integer', 'decimal']).optional(),
  placeholder: shortText.min(1).optional(),
  minSize: z.int().min(1).max(256).optional(),
  maxSize: z.int().min(1).max(256).optional(),
  options: z.array(z.record(z.string(), z.unknown())).optional(),
});

const formSchema = z.strictObject({
  type: z.literal('form'),
  fields: z.array(fieldSchema).min(1).max(20),
  text: z.string().optional(),
  blockChatInput,
});

const templateSchema = z.strictObject({
  type: z.literal('template'),
  template: z.record(z.string(), z.unknown()),
  blockChatInput,
});

/** What a message may contain. Strict: an unknown or read-only property is refused. */
export const contentSchema = z.discriminatedUnion('type', [
  textSchema,
  carouselSchema,
  listSchema,
  imageSchema,
  fileSchema,
  locationSchema,
  formSchema,
  templateSchema,
]);
