import { resolve } from 'node:path';
import { OperatorError } from '../errors.ts';
import { findProjectRoot } from './env-file.ts';
import { findConnectionProblems, readConnectionConfig } from '../features/connections/variables.ts';
import { flag } from './config-values.ts';
import { findDemoProblems, ONE_SITE } from './demo-variables.ts';
import { readSecretFiles } from './read-secret-files.ts';
import { tidyValues } from './tidy-values.ts';
import { Environment } from './variables.ts';

export type Config = ReturnType<typeof loadConfig>;

/** What the running app needs of it; the rest is for starting. */
export type ShopkeeperConfig = Pick<
  Config,
  | 'publicUrl'
  | 'oauthClient'
  | 'marketplace'
  | 'zendesk'
  | 'trustProxy'
  | 'metricsTokens'
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
 * Reads the environment into a typed configuration.
 * @param fileProblems what loadEnvFile found wrong with the file, to be reported with the rest.
 * @throws ConfigError naming every problem at once.
 */
export function loadConfig(
  environment: Record<string, string | undefined>,
  fileProblems: readonly string[] = [],
) {
  const { values: present, problems } = readSecretFiles(tidyValues(environment));
  problems.unshift(...fileProblems);
  const parsed = Environment.safeParse(present);
  if (!parsed.success)
    problems.push(...parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`));
  const production = present['NODE_ENV'] === 'production';
  const forced = parsed.data?.SANDBOX ?? flag.safeParse(present['SANDBOX']).data;
  const hasCredentials = present['OAUTH_CLIENT_ID'] ?? present['OAUTH_CLIENT_SECRET'];
  const sandboxMode = forced ?? (!production && hasCredentials === undefined);
  problems.push(...findMissing(present, { production, sandboxMode }));
  const sandboxPort = parsed.data?.SANDBOX_PORT ?? portBeside(parsed.data?.PORT ?? 0);
  if (sandboxMode) problems.push(...findPortProblems(parsed.data?.PORT ?? 0, sandboxPort));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);

  const env = parsed.data;
  const host = env.HOST ?? (sandboxMode && !production ? 'localhost' : undefined);
  const publicUrl = env.PUBLIC_URL ?? originAt(localAddress({ host, port: env.PORT }));
  if (sandboxMode && env.SANDBOX_URL === publicUrl) throw new ConfigError([ONE_SITE]);
  return {
    production,
    port: env.PORT,
    /** Where both servers listen; `localhost`: this machine alone, undefined: every interface. */
    host,
    publicUrl,
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
    dataDir: resolve(findProjectRoot(), env.DATA_DIR),
    sessionSecrets: env.SESSION_SECRETS,
    encryptionKeys: env.ENCRYPTION_KEYS,
    trustProxy: env.TRUST_PROXY,
    logLevel: env.LOG_LEVEL,
    metricsTokens: env.METRICS_TOKEN ?? [],
    answerWithoutSwitchboard: env.ANSWER_WITHOUT_SWITCHBOARD,
    /** Also what is not for the bot is kept with what it says, on disk and on pages. */
    keepIgnored: env.KEEP_IGNORED_EVENTS,
    ngrok: { authtoken: env.NGROK_AUTHTOKEN, domain: env.NGROK_DOMAIN },
    connections: readConnectionConfig(env),
  };
}

/** In the one form of PUBLIC_URL: without the default port. An address with a zone is none to a browser. */
function originAt(address: string): string {
  const url = `http://${address}`;
  return URL.canParse(url) ? new URL(url).origin : url;
}

const HERE = new Set(['localhost', '0.0.0.0', '::', '127.0.0.1', '::1']);

/** How a program on this machine reaches the app, for example `localhost:3000`. */
export function localAddress({
  host = 'localhost',
  port,
}: {
  host: string | undefined;
  port: number;
}): string {
  if (HERE.has(host)) return `localhost:${port}`;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
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

/** Beside the app's; 0 is any free one. */
function portBeside(port: number): number {
  return port === 0 ? 0 : port + 100;
}

function findPortProblems(port: number, sandboxPort: number): string[] {
  const fix = 'choose a free port below 65536 for the sandbox';
  if (sandboxPort > 65_535) return [`SANDBOX_PORT is missing, and PORT + 100 is no port: ${fix}`];
  if (sandboxPort === port && port !== 0) return [`SANDBOX_PORT is the same as PORT: ${fix}`];
  return [];
}
