import type { AccountPauses } from '../inbox/account-pauses.ts';
import type { RemoteCall } from '../remote-call.ts';
import { isTokenRejected } from '../remote-error.ts';
import { installationOwner, type SecretStore } from '../store/secrets/secrets.ts';
import type { Installation } from '../store/schema.ts';
import { openAccount, type ZendeskAccount } from './account.ts';
import { apiBaseUrl, type ZendeskUrls } from './base-url.ts';
import type { FollowAccount } from './follow-account.ts';

/** The secret field that holds an installation's Zendesk access token. */
export const ACCESS_TOKEN = 'access_token';

export type OpenAccount = (installation: Installation) => Promise<ZendeskAccount>;

const KEPT_OPEN = 1_000;

/** Opens an installation's Zendesk account with its stored token, wherever the account has moved to. */
export function createOpenAccount(options: {
  secrets: SecretStore;
  call: RemoteCall;
  urls: ZendeskUrls;
  followAccount: FollowAccount;
  /** A call was refused because of its token. */
  onTokenRejected: (installationId: string) => Promise<void>;
  /** Sees what each call is answered. */
  pauses: AccountPauses;
}): OpenAccount {
  const { urls, followAccount, pauses } = options;
  /** Of each version of an installation: whatever changes its token changes `updated_at` as well. */
  const opened = new Map<string, ZendeskAccount>();

  return async (installation) => {
    const { id, app_id: appId, subdomain, updated_at: version } = installation;
    const known = opened.get(`${id}/${version}`);
    if (known !== undefined) return known;
    const token = await options.secrets.get(installationOwner(id), ACCESS_TOKEN);
    if (token === undefined || appId === null) {
      throw new Error(`Installation ${id} has no token yet.`);
    }
    const account = openAccount(pauses.watch(id, options.call), {
      baseUrl: apiBaseUrl(urls, subdomain),
      appId,
      token,
      async findNewBaseUrl(error) {
        const renamed = await followAccount(installation, error);
        if (renamed === undefined) {
          if (isTokenRejected(error)) await options.onTokenRejected(id);
          return undefined;
        }
        opened.delete(`${id}/${version}`);
        return apiBaseUrl(urls, renamed);
      },
    });
    if (opened.size >= KEPT_OPEN) opened.clear();
    opened.set(`${id}/${version}`, account);
    return account;
  };
}
