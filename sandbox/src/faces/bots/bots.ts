import { randomBytes } from 'node:crypto';
import { subdomainOf } from '../../platform/accounts.ts';
import { registerClient } from '../../platform/clients.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { listInstallationsOf } from '../../platform/installations.ts';
import { newSecret } from '../../state/registered-app.ts';
import type { ByName } from '../../web/hosts-by-name.ts';
import { botInputSchema, problemsOf } from './bot-input.ts';
import type { Problem } from './bot-input.ts';

/** Where the sandbox is, by its own address and by the names of hosts. */
export interface Place {
  url: string;
  byName: ByName | undefined;
}

/** Where a bot finds what Zendesk has at oauth-bridge.zendesk.com and at {subdomain}.zendesk.com. */
export function listAddresses({ url, byName }: Place) {
  return {
    authorize: `${url}/sc/oauth/authorize`,
    token: `${url}/sc/oauth/token`,
    tokenInfo: `${url}/sc/v2/tokenInfo`,
    api: `${url}/accounts/{subdomain}/sc`,
    legacyApi: `${url}/legacy`,
    ...byName,
  };
}

/** The line of a file of hosts, for machines where names that end in .localhost lead nowhere. */
export function toHostsLine({ state }: Pick<Platform, 'state'>, { domain }: ByName): string {
  const { hostname } = new URL(`https://${domain}`);
  const subdomains = [...state.accounts.values()].filter(({ legacy }) => !legacy).map(subdomainOf);
  return ['127.0.0.1', ...['oauth-bridge', ...subdomains].map((one) => `${one}.${hostname}`)].join(
    ' ',
  );
}

/** The variables of Shopkeeper and, as far as it has them, of Zendesk's own sample. */
export function toEnvironment(place: Place, bot: Credentials & { name: string }) {
  const { api, legacyApi } = listAddresses(place);
  const domain = place.byName?.domain;
  return {
    OAUTH_CLIENT_ID: bot.clientId,
    OAUTH_CLIENT_SECRET: bot.clientSecret,
    ZENDESK_MARKETPLACE_NAME: bot.name,
    ZENDESK_MARKETPLACE_ORG_ID: 'sandbox-organization',
    ZENDESK_MARKETPLACE_BOT_ID: 'sandbox-bot',
    // What the sample calls the same.
    ...(domain !== undefined && { ZENDESK_MARKETPLACE_APP_ID: 'sandbox-bot' }),
    ...(domain !== undefined && { ZENDESK_DOMAIN: domain }),
    ZENDESK_OAUTH_URL: `${place.url}/sc`,
    ZENDESK_API_URL: api,
    ZENDESK_LEGACY_API_URL: legacyApi,
  };
}

interface Credentials {
  clientId: string;
  clientSecret: string;
}

/** The variables as lines of an `.env`. */
export function toEnvText(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quote(value)}\n`)
    .join('');
}

/** As dotenv reads it, and a shell: between the first of these marks every other sign stands for itself. */
function quote(value: string): string {
  if (/^[\w.:/~{}-]*$/.test(value)) return value;
  const mark = ["'", '"', '`'].find((one) => !value.includes(one)) ?? '"';
  return `${mark}${value}${mark}`;
}

/** What is known of a bot once its secret has been shown. */
export function listBots({ state }: Pick<Platform, 'state'>) {
  return [...state.clients.values()].map((client) => ({
    clientId: client.clientId,
    name: client.details.name,
    redirectUris: client.redirectUris,
    ...(client.removeUrl !== '' && { removeUrl: client.removeUrl }),
    ...(client.configurationUrl !== '' && { configurationUrl: client.configurationUrl }),
    installations: listInstallationsOf(state, client.clientId).length,
  }));
}

/** Returns the bot's name, id and secret, which is kept nowhere; or why it cannot be registered. */
export function registerBot(
  platform: Platform,
  given: unknown,
  mayReplace: boolean,
): { bot: Credentials & { name: string } } | { status: 400 | 409; problems: Problem[] } {
  const parsed = botInputSchema.safeParse(given);
  if (!parsed.success) return { status: 400, problems: problemsOf(parsed.error) };
  const { name, clientId = makeClientId(name), clientSecret = newSecret() } = parsed.data;
  if (platform.state.clients.has(clientId) && !mayReplace) {
    const problem = `belongs to a bot already: ${clientId}`;
    return { status: 409, problems: [{ field: 'clientId', problem }] };
  }
  registerClient(platform, { ...parsed.data, clientId, clientSecret });
  return { bot: { name, clientId, clientSecret } };
}

/** Readable, and nobody else's. */
function makeClientId(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ['bot'];
  return `${words.join('-').slice(0, 60)}-${randomBytes(3).toString('hex')}`;
}
