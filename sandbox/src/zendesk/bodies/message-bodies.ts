import { z } from 'zod';
import { displayName, metadataSchema, webAddress } from '../../state/values.ts';
import { postedContentSchema } from '../content/posted-content.ts';

const businessAuthor = z.strictObject({
  type: z.literal('business'),
  displayName: displayName.optional(),
  avatarUrl: webAddress.optional(),
  /** The others are the platform's to give. */
  subtypes: z.array(z.literal('AI')).length(1).optional(),
});

const userAuthor = z.strictObject({
  type: z.literal('user'),
  userId: z.string().optional(),
  userExternalId: z.string().optional(),
  brandId: z.string().min(1).max(24).nullish(),
  displayName: displayName.optional(),
  avatarUrl: webAddress.optional(),
});

const authorSchema = z
  .discriminatedUnion('type', [businessAuthor, userAuthor])
  .refine(
    (author) =>
      author.type === 'business' ||
      (author.userId === undefined) !== (author.userExternalId === undefined),
    { path: ['userId'], error: 'either userId or userExternalId is required' },
  );

const destinationSchema = z.union([
  z.strictObject({ integrationId: z.string() }),
  z.strictObject({ integrationType: z.string() }),
]);

const payload = z.looseObject({});

/** What goes to a channel as it is, in the channel's own words. */
const overrideSchema = z.strictObject({
  apple: z
    .strictObject({
      payload,
      withCapabilities: z.array(z.enum(['LIST', 'TIME', 'FORM', 'QUICK', 'AUTH2'])).optional(),
    })
    .optional(),
  line: z.strictObject({ payload }).optional(),
  messenger: z.strictObject({ payload }).optional(),
  whatsapp: z.strictObject({ payload }).optional(),
});

export const messageBody = z
  .strictObject({
    author: authorSchema,
    content: postedContentSchema,
    destination: destinationSchema.optional(),
    metadata: metadataSchema.optional(),
    override: overrideSchema.optional(),
    schema: z.literal('whatsapp').optional(),
  })
  .refine(({ content, schema }) => (content.type === 'template') === (schema === 'whatsapp'), {
    path: ['schema'],
    error: 'should be whatsapp for a template, and for nothing else',
  })
  .refine(({ author, destination }) => author.type === 'business' || destination === undefined, {
    path: ['destination'],
    error: 'is for messages of the business only',
  });

export const activityBody = z
  .strictObject({
    author: authorSchema,
    type: z.enum(['typing:start', 'typing:stop', 'conversation:read']),
  })
  .refine(({ author, type }) => author.type === 'business' || type === 'conversation:read', {
    path: ['author', 'type'],
    error: 'a user can only send conversation:read',
  });

export type MessageAuthor = z.infer<typeof messageBody>['author'];
