import { z } from 'zod';
import { profileSchema } from '../../state/people.ts';
import { metadataSchema } from '../../state/values.ts';
import { messageBody } from './message-bodies.ts';

export const userCreateBody = z.strictObject({
  externalId: z.string().min(1).max(1024).optional(),
  brandId: z.string().min(1).max(24).nullish(),
  signedUpAt: z.iso.datetime({ offset: true }).optional(),
  toBeRetained: z.boolean().optional(),
  profile: profileSchema.optional(),
  metadata: metadataSchema.optional(),
});

export const userUpdateBody = userCreateBody.omit({ externalId: true, brandId: true });

/** Optional as a whole: a call without a body is fine. */
export const syncBody = z
  .strictObject({ survivingZendeskId: z.string().min(1).optional() })
  .default({});

const shared = { integrationId: z.string(), primary: z.boolean().default(true) };

const phoneCriteria = z.strictObject({
  ...shared,
  type: z.enum(['whatsapp', 'twilio', 'messagebird']),
  phoneNumber: z.string(),
});

const mailCriteria = z.strictObject({
  ...shared,
  type: z.literal('mailgun'),
  address: z.email(),
  subject: z.string().optional(),
});

/** "Messages sent via this method can only be of type text and image", with links at most. */
const confirmationMessage = messageBody.refine(
  ({ content }) => {
    const actions = 'actions' in content ? (content.actions ?? []) : [];
    const isShort = content.type === 'text' || content.type === 'image';
    return isShort && actions.every(({ type }) => type === 'link');
  },
  { error: 'should be of type text or image, with links at most' },
);

export const clientCreateBody = z.strictObject({
  matchCriteria: z.discriminatedUnion('type', [phoneCriteria, mailCriteria]),
  confirmation: z.strictObject({
    type: z.enum(['immediate', 'userActivity', 'prompt']),
    message: confirmationMessage.optional(),
  }),
  target: z.strictObject({ conversationId: z.string() }),
});
