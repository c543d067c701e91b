import { installationOwner, type SecretStore } from '../store/secrets.ts';
import type { Installation } from '../store/schema.ts';
import { openAccount, type ZendeskAccount } from '../zendesk/account.ts';
import { apiBaseUrl, type ZendeskUrls } from '../zendesk/base-url.ts';
import type { ZendeskRequest } from '../zendesk/request.ts';

/** The secret field that holds an installation's Zendesk access token. */
export const ACCESS_TOKEN = 'access_token';

export type OpenAccount = (installation: Installation) => Promise<ZendeskAccount>;

/** Opens an installation's Zendesk account with its stored token. */
export function createOpenAccount(options: {
  secrets: SecretStore;
  request: ZendeskRequest;
  urls: ZendeskUrls;
}): OpenAccount {
  return async ({ id, app_id: appId, subdomain }) => {
    const token = await options.secrets.get(installationOwner(id), ACCESS_TOKEN);
    if (token === undefined || appId === null)
      throw new Error(`Installation ${id} has no token yet.`);
    return openAccount(options.request, {
      baseUrl: apiBaseUrl(options.urls, subdomain),
      appId,
      token,
    });
  };
}
