import { z } from 'zod';
import { actionSchema, cardActionSchema } from '../../state/actions.ts';
import type { Action } from '../../state/actions.ts';
import { cardSchema, formFieldShape } from '../../state/content.ts';
import type { FormField } from '../../state/content.ts';
import { ENDING_REFUSED, hasTakenEnding } from '../../platform/attachments.ts';
import { webAddress } from '../../state/values.ts';

const longText = z
  .string()
  .min(1)
  .max(4096, { error: 'should not be longer than 4096 characters' });
const shortText = z.string().max(128);
const blockChatInput = z.boolean().optional();
const opensOnReceive = (action: Action) =>
  'openOnReceive' in action && action.openOnReceive === true;
/** "Reply buttons can not be used together with postback buttons or any other button type" but this one. */
const isAnswer = ({ type }: Action) => type === 'reply' || type === 'locationRequest';
const actions = z
  .array(actionSchema)
  .refine((all) => all.filter(opensOnReceive).length <= 1, {
    error: 'only one action can have openOnReceive',
  })
  .refine((all) => all.every(isAnswer) || !all.some(isAnswer), {
    error: 'reply and locationRequest cannot be used with actions of other types',
  })
  .optional();

const isOneText = ({ htmlText, markdownText }: { htmlText?: unknown; markdownText?: unknown }) =>
  htmlText === undefined || markdownText === undefined;
const ONE_TEXT = { path: ['markdownText'], error: 'cannot be used with htmlText' };

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
  )
  .refine(isOneText, ONE_TEXT);

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

/** "File Validation" again: Zendesk looks at a file before it takes its message. A picture may come from a program. */
const fileAddress = webAddress.refine(
  (address) => hasTakenEnding(URL.parse(address)?.pathname.split('/').at(-1) ?? ''),
  { error: ENDING_REFUSED },
);

const imageSchema = z
  .strictObject({ type: z.literal('image'), ...media, actions })
  .refine(isOneText, ONE_TEXT);
const fileSchema = z
  .strictObject({ type: z.literal('file'), ...media, mediaUrl: fileAddress })
  .refine(isOneText, ONE_TEXT);

const locationSchema = z.strictObject({
  type: z.literal('location'),
  coordinates: z.strictObject({ lat: z.number(), long: z.number() }),
  location: z
    .strictObject({ address: z.string().optional(), name: z.string().optional() })
    .optional(),
  blockChatInput,
});

const hasUniqueNames = (all: { name: string }[]) =>
  new Set(all.map(({ name }) => name)).size === all.length;

const UNIQUE = { error: 'should have unique names' };

const fieldSchema = z
  .strictObject({
    ...formFieldShape,
    options: formFieldShape.options.refine((all = []) => hasUniqueNames(all), UNIQUE),
  })
  .refine(({ type, options = [] }) => type !== 'select' || options.length > 0, {
    path: ['options'],
    error: 'is required',
  })
  .refine(({ minSize = 1, maxSize = 128 }: Partial<FormField>) => minSize <= maxSize, {
    path: ['minSize'],
    error: 'should not be larger than maxSize',
  });

const formSchema = z.strictObject({
  type: z.literal('form'),
  fields: z.array(fieldSchema).min(1).max(20).refine(hasUniqueNames, UNIQUE),
  text: z.string().optional(),
  blockChatInput,
});

const templateSchema = z.strictObject({
  type: z.literal('template'),
  template: z.record(z.string(), z.unknown()),
  blockChatInput,
});

/** What a posted message may contain. Strict: an unknown or read-only property is refused. */
export const postedContentSchema = z.discriminatedUnion('type', [
  textSchema,
  carouselSchema,
  listSchema,
  imageSchema,
  fileSchema,
  locationSchema,
  formSchema,
  templateSchema,
]);

export type PostedContent = z.infer<typeof postedContentSchema>;
