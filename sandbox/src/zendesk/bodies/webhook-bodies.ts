import { z } from 'zod';
import { triggers } from '../../platform/webhooks.ts';

export const tokenBody = z.strictObject({
  code: z.string().min(1),
  grant_type: z.literal('authorization_code'),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
});

/** Plain http is for a bot on this machine only, everything else has to be https. */
const targetSchema = z.url({ protocol: /^https?$/, abort: true }).refine(
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
