import { z } from 'zod';

const resource = z.looseObject({ id: z.string() });

/** What tests read from answers; whether answers are right as a whole is `checkRecordedCalls`' to say. */
export const answerSchema = z.looseObject({
  access_token: z.string().optional(),
  app: resource.optional(),
  attachment: z.looseObject({ mediaUrl: z.string() }).optional(),
  webhook: resource.optional(),
  webhooks: z.array(resource).optional(),
  user: resource.optional(),
  users: z.array(resource).optional(),
  client: resource.optional(),
  clients: z.array(resource).optional(),
  participant: resource.optional(),
  participants: z.array(resource).optional(),
  conversation: resource.optional(),
  conversations: z.array(resource).optional(),
  messages: z
    .array(resource.extend({ content: z.looseObject({ text: z.string().optional() }) }))
    .optional(),
  meta: z
    .object({
      hasMore: z.boolean(),
      afterCursor: z.string().optional(),
      beforeCursor: z.string().optional(),
    })
    .optional(),
  links: z.object({ prev: z.string().optional(), next: z.string().optional() }).optional(),
  errors: z.array(z.object({ code: z.string(), title: z.string() })).optional(),
});
