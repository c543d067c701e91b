import type { ShopkeeperConfig } from '../config/load-config.ts';
import { createRemoteCall, type RemoteSend } from '../remote-call.ts';
import { createClient, createClientFor, type ClientOptions } from './client.ts';
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
  const headers = marketplaceHeaders(config.marketplace);
  const { call, ...connected } = connectZendesk(config, { send, timeoutMs });
  const bridge = { oauthUrl: urls.oauthUrl, client, redirectUri, headers, timeoutMs, send };
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
  options: { send: RemoteSend; timeoutMs: number },
) {
  const headers = marketplaceHeaders(marketplace);
  const call = createRemoteCall({
    fetch: options.send,
    timeoutMs: options.timeoutMs,
    headers,
    readForm: readZendeskForm,
  });
  const { legacyApiUrl } = urls;
  return {
    call,
    getTokenInfo: (token: string) => getTokenInfo(call, urls.oauthUrl, token),
    /** Gives back a permission without knowing for which account: by the address that asks for none. */
    async revokeToken(token: string): Promise<void> {
      const account = { baseUrl: legacyApiUrl, appId: '', token };
      await createClient(call, account).revokeAccess();
    },
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
  return {
    ...(name === undefined ? {} : { 'X-Zendesk-Marketplace-Name': name }),
    ...(organizationId === undefined
      ? {}
      : { 'X-Zendesk-Marketplace-Organization-Id': organizationId }),
    ...(botId === undefined ? {} : { 'X-Zendesk-Marketplace-Bot-Id': botId }),
  };
}
