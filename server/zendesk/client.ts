import type { z } from 'zod';
import type { ShopkeeperConfig } from '../config/load-config.ts';
import {
  createRemoteCall,
  Done,
  type RemoteCall,
  type RemoteFetch,
  type RemoteRequest,
} from '../remote-call.ts';
import { createClientFor, type ClientOptions } from './client-for.ts';
import { conversationCalls } from './conversations.ts';
import { readZendeskForm } from './errors.ts';
import { createAuthorization, getTokenInfo } from './oauth.ts';
import { userCalls } from './users.ts';
import { webhookCalls } from './webhooks.ts';

const TIMEOUT_MS = 10_000;

export type Zendesk = ReturnType<typeof createZendesk>;

/** All that speaks to Zendesk in a running app: connectZendesk, for each installation, with a browser. */
export function createZendesk(
  options: ClientOptions & {
    config: Pick<ShopkeeperConfig, 'oauthClient' | 'marketplace' | 'zendesk'>;
    /** Where Zendesk sends browsers back to. */
    redirectUri: string;
    fetch: RemoteFetch;
  },
) {
  const { config, redirectUri, fetch } = options;
  const { oauthClient: client, zendesk: urls } = config;
  const timeoutMs = TIMEOUT_MS;
  const headers = marketplaceHeaders(config.marketplace);
  const { call, ...connected } = connectZendesk(config, { fetch, timeoutMs });
  const bridge = { oauthUrl: urls.oauthUrl, client, redirectUri, headers, timeoutMs, fetch };
  return {
    ...connected,
    authorization: createAuthorization(bridge),
    clientFor: createClientFor({
      ...options,
      urls,
      open: (account) => createClient(call, account),
    }),
  };
}

/** The calls that need no installation. Every call carries the marketplace headers. */
export function connectZendesk(
  { marketplace, zendesk: urls }: Pick<ShopkeeperConfig, 'marketplace' | 'zendesk'>,
  options: { fetch: RemoteFetch; timeoutMs: number },
) {
  const headers = marketplaceHeaders(marketplace);
  const call = createRemoteCall({ ...options, headers, readForm: readZendeskForm });
  return {
    call,
    getTokenInfo: (token: string) => getTokenInfo(call, urls.oauthUrl, token),
    /** Gives back a permission without knowing for which account: by the address that asks for none. */
    async revokeToken(token: string): Promise<void> {
      await createClient(call, { baseUrl: urls.legacyApiUrl, appId: '', token }).revokeAccess();
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

/** A call with the account's token; the operation is named as in Zendesk's OpenAPI file. @throws RemoteError */
export type ApiCall = <Answer>(
  operation: string,
  method: RemoteRequest<Answer>['method'],
  path: string,
  answer: z.ZodType<Answer>,
  body?: object,
) => Promise<Answer>;

export interface Account {
  baseUrl: string;
  appId: string;
  token: string;
  /** Sees each call and what becomes of it. */
  watch?: (call: RemoteCall) => RemoteCall;
  /** After a call failed: the base of a second attempt, or undefined when there is to be none. */
  findNewBaseUrl?: (error: unknown) => Promise<string | undefined>;
}

export type ZendeskClient = ReturnType<typeof createClient>;

/** Everything we may do in one Zendesk account. */
export function createClient(plainCall: RemoteCall, account: Account) {
  const { appId, token: accessToken, watch } = account;
  const call = watch === undefined ? plainCall : watch(plainCall);
  let { baseUrl } = account;

  const accountCall: ApiCall = async (operation, method, path, answer, body) => {
    const send = () =>
      call({ operation, method, url: `${baseUrl}${path}`, accessToken, body, answer });
    try {
      return await send();
    } catch (error) {
      const newBaseUrl = await account.findNewBaseUrl?.(error);
      if (newBaseUrl === undefined) throw error;
      baseUrl = newBaseUrl;
      return await send();
    }
  };
  const appCall: ApiCall = (operation, method, path, answer, body) =>
    accountCall(operation, method, `/v2/apps/${encodeURIComponent(appId)}${path}`, answer, body);

  return {
    webhooks: webhookCalls(appCall),
    conversations: conversationCalls(appCall),
    users: userCalls(appCall),
    /** Uninstalls us: kills the token, removes our webhooks, fires the remove callback (OpenAPI RevokeAccess). */
    revokeAccess: () => accountCall('RevokeAccess', 'DELETE', '/oauth/authorization', Done),
  };
}
