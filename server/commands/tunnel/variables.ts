import { z } from 'zod';
import type { FeatureEnvironment } from '../../features/feature.ts';

/** A name such as `my-bot.ngrok.app`, also when it was copied as an address. */
const hostName = z
  .string()
  .transform((value) =>
    value
      .toLowerCase()
      .replace(/^https:\/\//, '')
      .replace(/\/$/, ''),
  )
  .refine(
    (value) => /^([a-z\d-]+\.)+[a-z\d-]+$/.test(value),
    'must be a host name, for example my-bot.ngrok.app',
  );

const Variables = z.object({
  NGROK_AUTHTOKEN: z
    .string()
    .regex(/^\S+$/, 'is one word without spaces: copy it again')
    .optional(),
  NGROK_DOMAIN: hostName.optional(),
});

/** What this command alone reads of the environment. */
export const ngrok = {
  environment: { variables: Variables.shape, secrets: ['NGROK_AUTHTOKEN'] },
} satisfies { environment: FeatureEnvironment };

export function readNgrokVariables(variables: Record<string, string | undefined>) {
  const { NGROK_AUTHTOKEN: authtoken, NGROK_DOMAIN: domain } = Variables.parse(variables);
  return { authtoken, domain };
}
