import type { Platform } from '../../platform/create-platform.ts';
import { listInstallations } from '../../platform/installations.ts';
import type { Account } from '../../state/records.ts';
import { isWebAddress } from '../../state/values.ts';

/** Where the bots of an account are at home, as they were registered: their page for accounts, else their site. */
export function listBotPages({ state }: Pick<Platform, 'state'>, account: Account) {
  return listInstallations(state, account).flatMap(({ clientId }) => {
    const client = state.clients.get(clientId);
    const [address = ''] = client?.redirectUris ?? [];
    if (!client || !isWebAddress(address)) return [];
    const { details, configurationUrl } = client;
    const isRegistered = isWebAddress(configurationUrl);
    const href = isRegistered ? configurationUrl : `${new URL(address).origin}/`;
    return [{ name: details.name, href }];
  });
}
