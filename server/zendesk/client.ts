import type { z } from 'zod';
import { Done, type RemoteCall, type RemoteRequest } from '../remote-call.ts';
import type { Installation } from '../store/schema.ts';
import { conversationCalls, type Author } from './conversations.ts';
import { apiBaseUrl, type ZendeskUrls } from './urls.ts';
import { webhookCalls } from './webhooks.ts';

const KEPT = 1_000;

/** A call with the account's token; the operation is named as in Zendesk's OpenAPI file. @throws RemoteError */
export type ApiCall = <Answer>(
  operation: string,
  method: RemoteRequest<Answer>['method'],
  path: string,
  answer: z.ZodType<Answer>,
  body?: object,
  options?: { timeoutMs?: number },
) => Promise<Answer>;

interface Account {
  baseUrl: string;
  appId: string;
  token: string;
  /** As whom its messages are sent; absent: as the business alone. */
  findAuthor?: () => Author;
}

export type ZendeskClient = ReturnType<typeof createClient>;

/** Everything we may do in one Zendesk account. */
export function createClient(call: RemoteCall, account: Account) {
  const { appId, baseUrl, token: accessToken } = account;

  const accountCall: ApiCall = (operation, method, path, answer, body, options) =>
    call({ operation, method, url: `${baseUrl}${path}`, accessToken, body, answer, ...options });
  const appCall: ApiCall = (operation, method, path, ...rest) =>
    accountCall(operation, method, `/v2/apps/${encodeURIComponent(appId)}${path}`, ...rest);

  return {
    webhooks: webhookCalls(appCall),
    conversations: conversationCalls(appCall, account.findAuthor),
    /** Any other operation, below `/v2/apps/{appId}`. */
    call: appCall,
    /** For requests that are no such operation: where the account is, and its token. */
    account: () => ({ baseUrl, token: accessToken }),
    /** Uninstalls us: kills the token, removes our webhooks, fires the remove callback (OpenAPI RevokeAccess). */
    revokeAccess: () => accountCall('RevokeAccess', 'DELETE', '/oauth/authorization', Done),
  };
}

/** What the clients of installations need to know of them, and whom they tell. */
export interface ClientOptions {
  /** The stored access token. */
  readToken: (installationId: string) => Promise<string | undefined>;
  /** As whom the bot speaks. */
  findAuthor: () => Author;
  /** Sees the calls made for an installation. */
  watch: (installation: Installation, call: RemoteCall) => RemoteCall;
}

/** Makes the client of an installation, with its stored token. */
export function createClientFor(options: ClientOptions & { call: RemoteCall; urls: ZendeskUrls }) {
  /** Of each version of an installation: whatever changes its token or its address changes `updated_at` as well. */
  const clients = new Map<string, ZendeskClient>();

  return async function clientFor(installation: Installation): Promise<ZendeskClient> {
    const { id, app_id: appId, subdomain, updated_at: version } = installation;
    const key = `${id}/${version}`;
    const known = clients.get(key);
    if (known !== undefined) return known;
    const token = await options.readToken(id);
    if (token === undefined) throw new Error(`Installation ${id} has no token yet.`);
    const client = createClient(options.watch(installation, options.call), {
      baseUrl: apiBaseUrl(options.urls, subdomain),
      // None while an install is not finished: then there is nothing to call but `revokeAccess`.
      appId: appId ?? '',
      token,
      findAuthor: options.findAuthor,
    });
    if (clients.size >= KEPT) clients.clear();
    clients.set(key, client);
    return client;
  };
}
