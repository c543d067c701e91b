import type { z } from 'zod';
import { Refused } from '../refused.ts';
import type { Changes } from '../state/changes.ts';
import type { Client } from '../state/records.ts';
import { appInputSchema, toRegisteredApp } from '../state/registered-app.ts';
import { isWebAddress, webAddress } from '../state/values.ts';
import type { Platform } from './create-platform.ts';
import { uninstallEverywhere } from './installations.ts';

/** A marketplace bot as a program registers it. */
const clientInputSchema = appInputSchema.extend({
  installUrl: webAddress.optional(),
  removeUrl: webAddress.optional(),
  configurationUrl: webAddress.optional(),
});

export type ClientInput = z.input<typeof clientInputSchema>;

/** Where clients are kept, and who hears of a change. */
interface Registry {
  state: { clients: Map<string, Client> };
  changes: Changes;
}

export function keepClient({ state, changes }: Registry, client: Client): void {
  state.clients.set(client.clientId, client);
  changes.announce({});
}

/** Adds the client, or replaces the one of the same id, which stays disabled if it was. */
export function registerClient(registry: Registry, input: ClientInput): void {
  const {
    installUrl,
    removeUrl = '',
    configurationUrl = '',
    ...app
  } = clientInputSchema.parse(input);
  const { disabled = null, testAccount } = registry.state.clients.get(app.clientId) ?? {};
  keepClient(registry, {
    ...toRegisteredApp(app),
    ...(installUrl !== undefined && { installUrl }),
    ...(testAccount !== undefined && { testAccount }),
    removeUrl,
    configurationUrl,
    disabled,
  });
}

/** Whether an administrator of the account can allow it: of any account, or while it is disabled of its test account. */
export const mayInstall = ({ disabled, testAccount }: Client, slug: string): boolean =>
  disabled === null || testAccount === slug;

/** Every account loses the bot, and its remove URL hears of each. @throws Refused 404. */
export function unregisterClient(
  platform: Pick<Platform, 'state' | 'changes' | 'deliveries'>,
  clientId: string,
): void {
  const { clients } = platform.state;
  if (!clients.has(clientId)) throw new Refused(404, 'No bot has this client id.');
  uninstallEverywhere(platform, clientId);
  clients.delete(clientId);
  platform.changes.announce({});
}

/** The bots that can be installed, each with its site and where an installation begins there. */
export function listInstallable({ clients }: Registry['state']) {
  return [...clients.values()].flatMap((client) => {
    const { disabled, testAccount, details, redirectUris, installUrl } = client;
    const [address = ''] = redirectUris;
    if ((disabled !== null && testAccount === undefined) || !isWebAddress(address)) return [];
    const href = `${new URL(address).origin}/`;
    return [{ name: details.name, href, installHref: installUrl ?? href }];
  });
}
