import type { z } from 'zod';
import { Done, type RemoteCall, type RemoteRequest } from '../remote-call.ts';
import { isTokenRejected, RemoteError } from '../remote-error.ts';
import type { Installation } from '../store/schema.ts';
import type { InstallationStore } from '../store/tables/installations.ts';
import { conversationCalls, type Author } from './conversations.ts';
import { apiBaseUrl, type ZendeskUrls } from './urls.ts';
import { webhookCalls } from './webhooks.ts';

const KEPT = 1_000;
/** What a look at an account has shown is believed for this long, whatever else fails. */
const BELIEVED_MS = 10_000;

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
  /** After a call failed: the base of a second attempt, or undefined when there is to be none. */
  findNewBaseUrl?: (error: unknown) => Promise<string | undefined>;
}

export type ZendeskClient = ReturnType<typeof createClient>;

/** Everything we may do in one Zendesk account. */
export function createClient(call: RemoteCall, account: Account) {
  const { appId, token: accessToken } = account;
  let { baseUrl } = account;

  const accountCall: ApiCall = async (operation, method, path, answer, body, options) => {
    const send = () =>
      call({ operation, method, url: `${baseUrl}${path}`, accessToken, body, answer, ...options });
    try {
      return await send();
    } catch (error) {
      const newBaseUrl = await account.findNewBaseUrl?.(error);
      if (newBaseUrl === undefined) throw error;
      baseUrl = newBaseUrl;
      return await send();
    }
  };
  const appCall: ApiCall = (operation, method, path, ...rest) =>
    accountCall(operation, method, `/v2/apps/${encodeURIComponent(appId)}${path}`, ...rest);

  return {
    webhooks: webhookCalls(appCall),
    conversations: conversationCalls(appCall, account.findAuthor),
    /** Any other operation, below `/v2/apps/{appId}`. */
    call: appCall,
    /** For requests that are no such operation: where the account is now, and its token. */
    account: () => ({ baseUrl, token: accessToken }),
    /** Uninstalls us: kills the token, removes our webhooks, fires the remove callback (OpenAPI RevokeAccess). */
    revokeAccess: () => accountCall('RevokeAccess', 'DELETE', '/oauth/authorization', Done),
  };
}

/** What the clients of installations need to know of them, and whom they tell. */
export interface ClientOptions {
  installations: Pick<InstallationStore, 'find'>;
  /** The stored access token. */
  readToken: (installationId: string) => Promise<string | undefined>;
  /** Asks Zendesk's bridge, and stores where the account is now. Rejects without a clear answer. */
  lookAtAccount: (installation: Installation) => Promise<unknown>;
  /** As whom the bot speaks. */
  findAuthor: () => Author;
  /** A call was refused because of its token. */
  onTokenRefused: (installationId: string) => void;
  /** Sees the calls made for an installation. */
  watch: (installationId: string, call: RemoteCall) => RemoteCall;
  now: () => number;
}

/** Makes the client of an installation, with its stored token, wherever its account has moved to. */
export function createClientFor(options: ClientOptions & { call: RemoteCall; urls: ZendeskUrls }) {
  const { urls, installations, now } = options;
  /** Of each version of an installation: whatever changes its token changes `updated_at` as well. */
  const clients = new Map<string, ZendeskClient>();
  const looks = new Map<string, { until: number; isClear: Promise<boolean> }>();

  /** Once at a time and for all calls that fail meanwhile. Returns whether the answer was a clear one. */
  function look(installation: Installation): Promise<boolean> {
    const { id } = installation;
    const last = looks.get(id);
    if (last !== undefined && last.until > now()) return last.isClear;
    if (looks.size >= KEPT) looks.clear();
    const isClear = options.lookAtAccount(installation).then(
      () => true,
      () => false,
    );
    looks.set(id, { until: now() + BELIEVED_MS, isClear });
    return isClear;
  }

  /**
   * The subdomain that an account was renamed to; undefined when a call failed for another reason. Whatever
   * an account's address says of it counts only while it is the account's: so the bridge is asked first.
   */
  async function findRenamed(installation: Installation, error: unknown) {
    if (!mayHaveMoved(error)) return undefined;
    const { id, subdomain: used } = installation;
    // Another call, or another instance, may have found it already.
    const known = await installations.find(id);
    if (known === undefined) return undefined;
    const isClear = known.subdomain !== used || (await look(known));
    const { subdomain } = (await installations.find(id)) ?? known;
    if (subdomain !== null && subdomain !== used) return subdomain;
    if (isClear) return undefined;
    const reason = 'Zendesk could not be asked whether the account has moved';
    throw new RemoteError(error.operation, { reason, cause: error });
  }

  return async function clientFor(installation: Installation): Promise<ZendeskClient> {
    const { id, app_id: appId, subdomain, updated_at: version } = installation;
    const key = `${id}/${version}`;
    const known = clients.get(key);
    if (known !== undefined) return known;
    const token = await options.readToken(id);
    if (token === undefined || appId === null)
      throw new Error(`Installation ${id} has no token yet.`);
    const client = createClient(options.watch(id, options.call), {
      baseUrl: apiBaseUrl(urls, subdomain),
      appId,
      token,
      findAuthor: options.findAuthor,
      async findNewBaseUrl(error) {
        const renamed = await findRenamed(installation, error);
        if (renamed !== undefined) {
          clients.delete(key);
          return apiBaseUrl(urls, renamed);
        }
        if (isTokenRejected(error)) options.onTokenRefused(id);
        return undefined;
      },
    });
    if (clients.size >= KEPT) clients.clear();
    clients.set(key, client);
    return client;
  };
}

function mayHaveMoved(error: unknown): error is RemoteError {
  if (!(error instanceof RemoteError)) return false;
  // Which of them a token gets at an address that is another account's by now is not documented.
  return error.isMisdirected || [401, 403, 404, 410].includes(error.status ?? 0);
}
