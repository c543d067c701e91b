import type { ShopkeeperConfig } from '../config/load-config.ts';
import type { AccountPauses } from '../inbox/account-pauses.ts';
import type { Observe } from '../observe.ts';
import { createRemoteCall, type RemoteFetch } from '../remote-call.ts';
import type { Stores } from '../store/create-stores.ts';
import { createAuthorization } from './authorization.ts';
import { marketplaceHeaders } from './marketplace-headers.ts';
import { readZendeskForm } from './error-form.ts';
import { createTokenInfoCalls } from './token-info.ts';
import { openAccount } from './account.ts';
import { createFollowAccount } from './follow-account.ts';
import { createOpenAccount } from './open-account.ts';

const TIMEOUT_MS = 10_000;

export type ZendeskAccess = ReturnType<typeof connectZendesk>;

/** All that speaks to Zendesk. Every call carries the marketplace headers, can be watched. */
export function connectZendesk(options: {
  config: Pick<ShopkeeperConfig, 'publicUrl' | 'oauthClient' | 'marketplace' | 'zendesk'>;
  stores: Stores;
  /** A call was refused because of its token. */
  onTokenRejected: (installationId: string) => Promise<void>;
  observe: Pick<Observe, 'call'>;
  pauses: AccountPauses;
  now: () => number;
}) {
  const { publicUrl, oauthClient, marketplace, zendesk: urls } = options.config;
  const fetch: RemoteFetch = (operation, url, init) =>
    options.observe.call({ service: 'zendesk', operation, url, init });
  const door = { headers: marketplaceHeaders(marketplace), timeoutMs: TIMEOUT_MS, fetch };
  const call = createRemoteCall({ ...door, readForm: readZendeskForm });
  const tokenInfo = createTokenInfoCalls(call, urls.oauthUrl);
  const followAccount = createFollowAccount({
    ...options.stores,
    zendesk: { tokenInfo },
    now: options.now,
  });
  return {
    authorization: createAuthorization({
      ...door,
      oauthUrl: urls.oauthUrl,
      client: oauthClient,
      redirectUri: `${publicUrl}/oauth`,
    }),
    tokenInfo,
    openAccount: createOpenAccount({ ...options, ...options.stores, call, urls, followAccount }),
    /** Gives back a permission without knowing for which account: by the address that asks for none. */
    async revokeToken(token: string): Promise<void> {
      const baseUrl = urls.legacyApiUrl;
      await openAccount(call, { baseUrl, appId: '', token }).revokeAccess();
    },
  };
}
