import type { RemoteCall } from '../remote-call.ts';
import { installationOwner, type SecretStore } from '../store/secrets.ts';
import type { Installation } from '../store/schema.ts';
import { openAccount, type ZendeskAccount } from '../zendesk/account.ts';
import { apiBaseUrl, type ZendeskUrls } from '../zendesk/base-url.ts';

/** The secret field that holds an installation's Zendesk access token. */
export const ACCESS_TOKEN = 'access_token';

export type OpenAccount = (installation: Installation) => Promise<ZendeskAccount>;

const KEPT_OPEN = 1_000;

/** Opens an installation's Zendesk account with its stored token. */
export function createOpenAccount(options: {
  secrets: SecretStore;
  call: RemoteCall;
  urls: ZendeskUrls;
}): OpenAccount {
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
    const baseUrl = apiBaseUrl(options.urls, subdomain);
    const account = openAccount(options.call, { baseUrl, appId, token });
    if (opened.size >= KEPT_OPEN) opened.clear();
    opened.set(`${id}/${version}`, account);
    return account;
  };
}
