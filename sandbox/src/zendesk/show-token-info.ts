import { subdomainOf } from '../platform/rename-account.ts';
import type { Account } from '../state/records.ts';

/** The app behind a token. A legacy account has no subdomain. */
export function showTokenInfo(account: Account) {
  const { appId, displayName, legacy } = account;
  return {
    app: {
      id: appId,
      displayName,
      settings: {
        conversationRetentionSeconds: 0,
        maskCreditCardNumbers: true,
        useAnimalNames: false,
        echoPostback: false,
        ignoreAutoConversationStart: true,
        multiConvoEnabled: true,
        appLocalizationEnabled: true,
      },
      metadata: {},
      ...(!legacy && { subdomain: subdomainOf(account) }),
    },
  };
}
