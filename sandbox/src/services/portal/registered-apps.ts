import { z } from 'zod';
import { webAddress } from '../../state/web-address.ts';
import { FIRST_ACCOUNT_ID } from './predefined-people.ts';
import type { App } from './records.ts';
import { hashSecret } from './secrets.ts';

const common = {
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  name: z.string().min(1),
  iconUrl: webAddress.optional(),
  shortDescription: z.string().optional(),
  about: z.string().optional(),
  whatYouCanDo: z.array(z.string()).optional(),
  redirectUris: z.array(webAddress).min(1),
};

/** A marketplace bot as a program registers it. */
export const oauthClientSchema = z.object({
  ...common,
  /** Where an administrator begins to install it; absent: on its front page. */
  installUrl: webAddress.optional(),
  removeUrl: webAddress.optional(),
  configurationUrl: webAddress.optional(),
});

export const zocksAppSchema = z.object({ ...common, scopes: z.array(z.string()) });

export type OAuthClient = z.infer<typeof oauthClientSchema>;
export type ZocksApp = z.infer<typeof zocksAppSchema>;

/** A program that registers its app wants to use it: it is enabled from the start. */
export function toBotApp(client: OAuthClient): App {
  const { installUrl, removeUrl = '', configurationUrl = '' } = client;
  const urls = { ...(installUrl !== undefined && { installUrl }), removeUrl, configurationUrl };
  return { ...toApp(client), ...urls, platform: 'zendesk', scopes: [] };
}

export function toZocksApp(app: ZocksApp): App {
  const none = { removeUrl: '', configurationUrl: '' };
  return { ...toApp(app), ...none, platform: 'zocks', scopes: app.scopes };
}

function toApp(given: OAuthClient) {
  return {
    clientId: given.clientId,
    secretHash: hashSecret(given.clientSecret),
    accountId: FIRST_ACCOUNT_ID,
    details: {
      logoUrl: given.iconUrl ?? '',
      name: given.name,
      shortDescription: given.shortDescription ?? '',
      about: given.about ?? '',
      whatYouCanDo: given.whatYouCanDo ?? [],
    },
    redirectUris: given.redirectUris,
    isEnabled: true,
    hierarchy: 'off' as const,
  };
}
