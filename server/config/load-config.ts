import { resolve } from 'node:path';
import { OperatorError } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import { findProjectRoot } from './env-file.ts';
import { readEnvironment } from './environment.ts';

export type Config = ReturnType<typeof loadConfig>;

/** What the running app needs of it; the rest is for starting. */
export type ShopkeeperConfig = Pick<
  Config,
  | 'publicUrl'
  | 'oauthClient'
  | 'marketplace'
  | 'zendesk'
  | 'trustProxy'
  | 'answerWithoutSwitchboard'
  | 'keepIgnored'
  | 'variables'
> & {
  /** Where the sandbox is, when Zendesk is one, and whether it has a Zendesk for each of many visitors. */
  sandbox: { url: string; isPublicDemo: boolean } | null;
};

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
 * @param features whose variables count as well.
 * @throws ConfigError naming every problem at once.
 */
export function loadConfig(
  environment: Record<string, string | undefined>,
  fileProblems: readonly string[] = [],
  features: readonly Pick<Feature, 'environment' | 'standIn'>[] = [],
) {
  const read = readEnvironment(environment, features);
  const { given, env, production, variables, misspelt } = read;
  const hasCredentials = given['OAUTH_CLIENT_ID'] ?? given['OAUTH_CLIENT_SECRET'];
  const sandboxMode = env.SANDBOX ?? (!production && hasCredentials === undefined);
  const host = env.HOST ?? (sandboxMode && !production ? 'localhost' : undefined);
  const publicUrl = env.PUBLIC_URL ?? originAt(localAddress({ host, port: env.PORT }));
  const site = { production, sandboxMode, port: env.PORT, publicUrl };
  const problems = [
    ...fileProblems,
    ...read.problems,
    ...findContradictions(read, sandboxMode, features),
    ...features.flatMap((one) => one.environment?.findProblems?.(given, site) ?? []),
  ];
  if (problems.length > 0) throw new ConfigError([...problems, ...misspelt]);

  return {
    production,
    port: env.PORT,
    /** Where both servers listen; `localhost`: this machine alone, undefined: every interface. */
    host,
    publicUrl,
    sandbox: sandboxMode ? { isPublicDemo: production } : null,
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
    answerWithoutSwitchboard: env.ANSWER_WITHOUT_SWITCHBOARD,
    /** Also what is not for the bot is kept with what it says, on disk and on pages. */
    keepIgnored: env.KEEP_IGNORED_EVENTS,
    variables,
    /** What looks like a variable of ours and is none; a sentence each. */
    misspelt,
  };
}

/** In the one form of PUBLIC_URL: without the default port. An address with a zone is none to a browser. */
function originAt(address: string): string {
  const url = `http://${address}`;
  return URL.canParse(url) ? new URL(url).origin : url;
}

const HERE = new Set(['localhost', '0.0.0.0', '::', '127.0.0.1', '::1']);

/** How a program on this machine reaches the app, for example `localhost:3000`. */
export function localAddress(at: { host: string | undefined; port: number }): string {
  const { host = 'localhost', port } = at;
  if (HERE.has(host)) return `localhost:${port}`;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** What only matters in combination: real credentials outside the sandbox, secrets in production. */
function* findContradictions(
  { given, env, production }: ReturnType<typeof readEnvironment>,
  sandboxMode: boolean,
  features: readonly Pick<Feature, 'standIn'>[],
): Iterable<string> {
  const isMissing = (name: string) =>
    given[name] === undefined && given[`${name}_FILE`] === undefined;

  const orSandbox = features.some(({ standIn }) => standIn) ? ', or set SANDBOX=1' : '';
  for (const name of ['OAUTH_CLIENT_ID', 'OAUTH_CLIENT_SECRET']) {
    if (!sandboxMode && isMissing(name))
      yield `${name} is missing: copy it from apps.zendesk.com > Bots > your bot > OAuth credentials${orSandbox}`;
  }
  if (!production) return;
  if (env.KEEP_IGNORED_EVENTS)
    yield 'KEEP_IGNORED_EVENTS is for development: in production leave it out, because /privacy promises that what is not for the bot is not kept';
  if (isMissing('SESSION_SECRETS'))
    yield 'SESSION_SECRETS is missing: make one with `openssl rand -hex 32`';
  if (isMissing('ENCRYPTION_KEYS'))
    yield 'ENCRYPTION_KEYS is missing: make one with `echo "k1:$(openssl rand -base64 32)"`';
  if (isMissing('PUBLIC_URL'))
    yield 'PUBLIC_URL is missing: the https address under which Zendesk and your customers reach this app';
  if (env.PUBLIC_URL?.startsWith('http:'))
    yield 'PUBLIC_URL must start with https:// in production, or browsers drop the cookies';
}
