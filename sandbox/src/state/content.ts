import { z } from 'zod';
import { actionSchema, cardActionSchema } from './actions.ts';
import { metadataSchema, webAddress } from './values.ts';

const shortText = z.string().max(128);
const blockChatInput = z.boolean().optional();
const actions = z.array(actionSchema).optional();

export const cardSchema = z.strictObject({
  title: shortText.min(1),
  description: shortText.optional(),
  mediaUrl: webAddress.optional(),
  mediaType: shortText.optional(),
  altText: shortText.optional(),
  size: z.enum(['compact', 'large']).optional(),
  actions: z.array(cardActionSchema).min(1).max(3),
  metadata: metadataSchema.optional(),
});

const textSchema = z.object({
  type: z.literal('text'),
  text: z.string().optional(),
  htmlText: z.string().optional(),
  blockChatInput,
  actions,
  /** Of the reply button that was pressed. */
  payload: z.string().optional(),
});

const carouselSchema = z.object({
  type: z.literal('carousel'),
  text: z.string().optional(),
  items: z.array(cardSchema),
  blockChatInput,
  displaySettings: z
    .object({ imageAspectRatio: z.enum(['horizontal', 'square']).optional() })
    .optional(),
});

const listSchema = z.object({
  type: z.literal('list'),
  items: z.array(cardSchema),
  blockChatInput,
  actions: z.array(cardActionSchema).optional(),
});

const media = {
  mediaUrl: z.string(),
  mediaType: z.string().optional(),
  /** Bytes. */
  mediaSize: z.number().optional(),
  altText: z.string().optional(),
  /** The caption. */
  text: z.string().optional(),
  htmlText: z.string().optional(),
  blockChatInput,
  attachmentId: z.string().optional(),
};

const imageSchema = z.object({ type: z.literal('image'), ...media, actions });
const fileSchema = z.object({ type: z.literal('file'), ...media });

const locationSchema = z.object({
  type: z.literal('location'),
  text: z.string().optional(),
  coordinates: z.object({ lat: z.number(), long: z.number() }),
  location: z.object({ address: z.string().optional(), name: z.string().optional() }).optional(),
  blockChatInput,
});

/** What channels show of a place that have no maps. */
export const wordPlace = (lat: number, long: number): string =>
  `Location shared:\nhttps://maps.google.com/maps?q=${lat},${long}`;

const optionSchema = z.strictObject({
  name: shortText.min(1),
  label: shortText.min(1),
});

/** What a field of a form and that of its answer have in common. */
const fieldShape = {
  type: z.enum(['email', 'select', 'text']),
  name: shortText.min(1),
  label: shortText.min(1),
  text: z.string().min(1).max(256).optional(),
  email: shortText.min(1).optional(),
  select: z.array(optionSchema).optional(),
  format: z.enum(['integer', 'decimal']).optional(),
};

export const formFieldShape = {
  ...fieldShape,
  placeholder: shortText.min(1).optional(),
  /** How long the answer to a text field is: 1 to 128 characters where nothing else is said. */
  minSize: z.int().min(1).max(256).optional(),
  maxSize: z.int().min(1).max(256).optional(),
  options: z.array(optionSchema).max(200).optional(),
};

const formFieldSchema = z.object(formFieldShape);
const answeredFieldSchema = z.object(fieldShape);

const formSchema = z.object({
  type: z.literal('form'),
  submitted: z.boolean(),
  fields: z.array(formFieldSchema),
  text: z.string().optional(),
  blockChatInput,
});

const formResponseSchema = z.object({
  type: z.literal('formResponse'),
  fields: z.array(answeredFieldSchema),
  textFallback: z.string(),
});

const templateSchema = z.object({
  type: z.literal('template'),
  template: z.record(z.string(), z.unknown()),
  blockChatInput,
});

/** What a message contains, with what the platform fills in. A call may post less (zendesk/content/). */
export const contentSchema = z.discriminatedUnion('type', [
  textSchema,
  carouselSchema,
  listSchema,
  imageSchema,
  fileSchema,
  locationSchema,
  formSchema,
  formResponseSchema,
  templateSchema,
]);

export type Content = z.infer<typeof contentSchema>;
export type FormField = z.infer<typeof formFieldSchema>;
export type AnsweredField = z.infer<typeof answeredFieldSchema>;
