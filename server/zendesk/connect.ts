import type { ShopkeeperConfig } from '../config/load-config.ts';
import { createRemoteCall, type RemoteSend } from '../remote-call.ts';
import { createClientFor, type ClientOptions } from './client.ts';
import { readZendeskForm } from './errors.ts';
import { authorizationUrl, exchangeCode, getTokenInfo } from './oauth.ts';

const TIMEOUT_MS = 10_000;

export type Zendesk = ReturnType<typeof createZendesk>;

/** All that speaks to Zendesk in a running app: connectZendesk, for each installation, with a browser. */
export function createZendesk(
  options: ClientOptions & {
    config: Pick<ShopkeeperConfig, 'oauthClient' | 'marketplace' | 'zendesk'>;
    /** Where Zendesk sends browsers back to. */
    redirectUri: string;
    send: RemoteSend;
  },
) {
  const { config, redirectUri, send } = options;
  const { oauthClient: client, zendesk: urls } = config;
  const timeoutMs = TIMEOUT_MS;
  const { service, call, ...connected } = connectZendesk(config, { send, timeoutMs });
  const bridge = { ...service, oauthUrl: urls.oauthUrl, client, redirectUri };
  return {
    ...connected,
    authorizationUrl: (state: string) => authorizationUrl(bridge, state),
    exchangeCode: (code: string) => exchangeCode(bridge, code),
    clientFor: createClientFor({ ...options, call, urls }),
  };
}

/** The calls that need no installation. Every call carries the marketplace headers. */
export function connectZendesk(
  { marketplace, zendesk: urls }: Pick<ShopkeeperConfig, 'marketplace' | 'zendesk'>,
  { send, timeoutMs }: { send: RemoteSend; timeoutMs: number },
) {
  const service = { fetch: send, timeoutMs, headers: marketplaceHeaders(marketplace) };
  const call = createRemoteCall({ ...service, readForm: readZendeskForm });
  return {
    service,
    call,
    getTokenInfo: (token: string) => getTokenInfo(call, urls.oauthUrl, token),
  };
}

/**
 * The headers that Zendesk's reviewers look for on every call a marketplace bot makes (developer
 * documentation, "Request header requirements for marketplace apps"). The ids exist only after the
 * bot was submitted, so any of them may still be missing.
 */
export function marketplaceHeaders({
  name,
  organizationId,
  botId,
}: Partial<ShopkeeperConfig['marketplace']>): Record<string, string> {
  const headers = {
    'X-Zendesk-Marketplace-Name': name,
    'X-Zendesk-Marketplace-Organization-Id': organizationId,
    'X-Zendesk-Marketplace-Bot-Id': botId,
  };
  const isKnown = (header: [string, string | undefined]): header is [string, string] =>
    header[1] !== undefined;
  return Object.fromEntries(Object.entries(headers).filter(isKnown));
}
