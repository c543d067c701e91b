import { z } from 'zod';
import {
  bearerToken,
  encryptionKeys,
  flag,
  headerValue,
  origin,
  postgresUrl,
  secretList,
  trustProxy,
  urlTemplate,
} from './config-values.ts';
import {
  connectionVariables,
  findConnectionProblems,
  readConnectionConfig,
} from './connection-variables.ts';
import { findDemoProblems } from './demo-variables.ts';
import { OperatorError } from '../errors.ts';
import { readSecretFiles } from './read-secret-files.ts';

/** The variables as people write them; each message says what to do. Contract: DESIGN §2, `.env.example`. */
const Environment = z.object({
  NODE_ENV: z.string().optional(),
  PORT: z.coerce
    .number('must be a port number, for example 3000')
    .int()
    .min(0)
    .max(65_535)
    .default(3000),
  PUBLIC_URL: origin.optional(),
  OAUTH_CLIENT_ID: z.string().min(1).optional(),
  OAUTH_CLIENT_SECRET: z.string().min(1).optional(),
  ZENDESK_MARKETPLACE_NAME: headerValue.optional(),
  ZENDESK_MARKETPLACE_ORG_ID: headerValue.optional(),
  ZENDESK_MARKETPLACE_BOT_ID: headerValue.optional(),
  ZENDESK_MARKETPLACE_APP_ID: headerValue.optional(),
  ZENDESK_DOMAIN: z
    .string()
    .regex(/^[a-z0-9.-]+$/i, 'must be a bare domain such as zendesk.com')
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
  METRICS_TOKEN: bearerToken.optional(),
  SANDBOX: flag.optional(),
  SANDBOX_URL: origin.optional(),
  SANDBOX_PORT: z.coerce.number('must be a port number').int().min(0).max(65_535).optional(),
  ANSWER_WITHOUT_SWITCHBOARD: flag.default(false),
  KEEP_IGNORED_EVENTS: flag.default(false),
  NGROK_AUTHTOKEN: z
    .string()
    .regex(/^\S+$/, 'is one word without spaces: copy it again')
    .optional(),
  ...connectionVariables,
});

export type Config = ReturnType<typeof loadConfig>;

/** What the running app needs of it; the rest is for starting. */
export type ShopkeeperConfig = Pick<
  Config,
  | 'publicUrl'
  | 'oauthClient'
  | 'marketplace'
  | 'zendesk'
  | 'trustProxy'
  | 'metricsToken'
  | 'answerWithoutSwitchboard'
  | 'keepIgnored'
  | 'connections'
>;

/** Thrown once with every problem of the environment, one line each. */
export class ConfigError extends OperatorError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads the environment into a typed configuration. Empty variables count as absent, because that is
 * how an untouched line of `.env` looks.
 * @throws ConfigError naming every problem at once.
 */
export function loadConfig(environment: Record<string, string | undefined>) {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { environment: present, problems } = readSecretFiles(given);
  const parsed = Environment.safeParse(present);
  if (!parsed.success)
    problems.push(...parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`));
  const production = present['NODE_ENV'] === 'production';
  const forced = parsed.data?.SANDBOX ?? flag.safeParse(present['SANDBOX']).data;
  const hasCredentials = present['OAUTH_CLIENT_ID'] ?? present['OAUTH_CLIENT_SECRET'];
  const sandboxMode = forced ?? (!production && hasCredentials === undefined);
  problems.push(...findMissing(present, { production, sandboxMode }));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);

  const env = parsed.data;
  const sandboxPort = env.SANDBOX_PORT ?? (env.PORT === 0 ? 0 : env.PORT + 100);
  return {
    production,
    port: env.PORT,
    publicUrl: env.PUBLIC_URL ?? `http://localhost:${env.PORT}`,
    sandbox: sandboxMode
      ? { port: sandboxPort, url: env.SANDBOX_URL, isPublicDemo: production }
      : null,
    oauthClient: { id: env.OAUTH_CLIENT_ID ?? '', secret: env.OAUTH_CLIENT_SECRET ?? '' },
    marketplace: {
      name: env.ZENDESK_MARKETPLACE_NAME,
      organizationId: env.ZENDESK_MARKETPLACE_ORG_ID,
      botId: env.ZENDESK_MARKETPLACE_BOT_ID ?? env.ZENDESK_MARKETPLACE_APP_ID,
    },
    zendesk: {
      oauthUrl: env.ZENDESK_OAUTH_URL ?? `https://oauth-bridge.${env.ZENDESK_DOMAIN}/sc`,
      apiUrl: env.ZENDESK_API_URL ?? `https://{subdomain}.${env.ZENDESK_DOMAIN}/sc`,
      legacyApiUrl: env.ZENDESK_LEGACY_API_URL,
    },
    databaseUrl: env.DATABASE_URL,
    databaseDirectUrl: env.DATABASE_DIRECT_URL,
    dataDir: env.DATA_DIR,
    sessionSecrets: env.SESSION_SECRETS,
    encryptionKeys: env.ENCRYPTION_KEYS,
    trustProxy: env.TRUST_PROXY,
    logLevel: env.LOG_LEVEL,
    metricsToken: env.METRICS_TOKEN,
    answerWithoutSwitchboard: env.ANSWER_WITHOUT_SWITCHBOARD,
    /** Also what is not for the bot is kept with what it says, on disk and on pages. */
    keepIgnored: env.KEEP_IGNORED_EVENTS,
    ngrokAuthtoken: env.NGROK_AUTHTOKEN,
    connections: readConnectionConfig(env),
  };
}

export type VariableName = keyof typeof Environment.shape;

/** What is wrong with one value, in words; undefined when nothing is. */
export function findVariableProblem(name: VariableName, value: string): string | undefined {
  return Environment.shape[name].safeParse(value).error?.issues[0]?.message;
}

/** What only matters in combination: real credentials outside the sandbox, secrets in production. */
function findMissing(
  env: Record<string, string | undefined>,
  { production, sandboxMode }: { production: boolean; sandboxMode: boolean },
): string[] {
  const problems = findConnectionProblems(env, production);
  const need = (name: string, fix: string) => {
    const isGiven = env[name] !== undefined || env[`${name}_FILE`] !== undefined;
    if (!isGiven) problems.push(`${name} is missing: ${fix}`);
  };
  if (env['DATABASE_DIRECT_URL'] !== undefined && env['DATABASE_URL'] === undefined)
    problems.push(
      'DATABASE_URL is missing: DATABASE_DIRECT_URL goes with it, when that leads through a pooler',
    );
  if (!sandboxMode) {
    const where =
      'copy it from apps.zendesk.com > Bots > your bot > OAuth credentials, or set SANDBOX=1';
    need('OAUTH_CLIENT_ID', where);
    need('OAUTH_CLIENT_SECRET', where);
  }
  if (production && flag.safeParse(env['KEEP_IGNORED_EVENTS']).data === true) {
    problems.push(
      'KEEP_IGNORED_EVENTS is for development: in production leave it out, because /privacy promises that what is not for the bot is not kept',
    );
  }
  if (production) {
    need('SESSION_SECRETS', 'make one with `openssl rand -hex 32`');
    need('ENCRYPTION_KEYS', 'make one with `echo "k1:$(openssl rand -base64 32)"`');
    need('PUBLIC_URL', 'the https address under which Zendesk and your customers reach this app');
    if (/^http:/i.test(env['PUBLIC_URL'] ?? '')) {
      problems.push(
        'PUBLIC_URL must start with https:// in production, or browsers drop the cookies',
      );
    }
  }
  if (production && sandboxMode) problems.push(...findDemoProblems(env));
  return problems;
}
