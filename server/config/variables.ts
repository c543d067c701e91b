import { z } from 'zod';
import {
  bearerTokens,
  encryptionKeys,
  flag,
  headerValue,
  host,
  hostName,
  origin,
  port,
  postgresUrl,
  secretList,
  trustProxy,
  urlTemplate,
} from './config-values.ts';

/** The core's variables as people write them; each message says what to do. Contract: DESIGN §2, `.env.example`. */
export const Environment = z.object({
  NODE_ENV: z
    .string()
    // Taken for development, it would start the sandbox for everybody to see.
    .refine(
      (value) => value === 'production' || !/^prod/i.test(value),
      'must be exactly production, or left out',
    )
    .optional(),
  PORT: port.default(3000),
  HOST: host.optional(),
  PUBLIC_URL: origin.optional(),
  OAUTH_CLIENT_ID: z.string().min(1).optional(),
  OAUTH_CLIENT_SECRET: z.string().min(1).optional(),
  ZENDESK_MARKETPLACE_NAME: headerValue.optional(),
  ZENDESK_MARKETPLACE_ORG_ID: headerValue.optional(),
  ZENDESK_MARKETPLACE_BOT_ID: headerValue.optional(),
  ZENDESK_MARKETPLACE_APP_ID: headerValue.optional(),
  ZENDESK_DOMAIN: z
    .string()
    .regex(/^[a-z\d-]+(\.[a-z\d-]+)*$/i, 'must be a bare domain such as zendesk.com')
    .default('zendesk.com'),
  ZENDESK_OAUTH_URL: urlTemplate.optional(),
  ZENDESK_API_URL: urlTemplate.optional(),
  ZENDESK_LEGACY_API_URL: urlTemplate.default('https://api.smooch.io'),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_DIRECT_URL: postgresUrl.optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  SESSION_SECRETS: secretList.optional(),
  ENCRYPTION_KEYS: encryptionKeys.optional(),
  TRUST_PROXY: trustProxy.default(false),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
  METRICS_TOKEN: bearerTokens.optional(),
  SANDBOX: flag.optional(),
  SANDBOX_URL: origin.optional(),
  SANDBOX_PORT: port.optional(),
  ANSWER_WITHOUT_SWITCHBOARD: flag.default(false),
  KEEP_IGNORED_EVENTS: flag.default(false),
  NGROK_AUTHTOKEN: z
    .string()
    .regex(/^\S+$/, 'is one word without spaces: copy it again')
    .optional(),
  NGROK_DOMAIN: hostName.optional(),
});

export type VariableName = keyof typeof Environment.shape;

/** What is wrong with one value, in words; undefined when nothing is. */
export function findVariableProblem(name: VariableName, value: string): string | undefined {
  return Environment.shape[name].safeParse(value).error?.issues[0]?.message;
}
