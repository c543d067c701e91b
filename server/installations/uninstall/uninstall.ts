import type { Core } from '../../core.ts';
import { isGone, isTokenRejected } from '../../remote-error.ts';
import type { Installation, InstallationStatus } from '../../store/schema.ts';
import { ACCESS_TOKEN, installationOwner } from '../../store/secrets/secrets.ts';

export type UninstallNeeds = Pick<Core, 'installations' | 'parts'>;

/** All but `removing`. */
const OTHERS: readonly InstallationStatus[] = ['installing', 'active', 'checking', 'revoked'];

/**
 * The end of every uninstall, whoever began it: first what needs the tokens, then all of it goes, and observers
 * are told why. With `onlyIf` nothing happens to an installation that has left that status. Returns whether it
 * was this one that removed it.
 */
export async function uninstall(
  { installations, parts }: UninstallNeeds,
  { id }: Pick<Installation, 'id'>,
  text: string,
  onlyIf?: InstallationStatus,
): Promise<boolean> {
  if (onlyIf !== undefined && (await installations.find(id))?.status !== onlyIf) return false;
  await Promise.all(parts.map(async ({ beforeRemoval }) => await beforeRemoval?.(id)));
  return await installations.remove(id, { kind: 'removed', text }, onlyIf);
}

/**
 * What an owner asks for: Zendesk is told, and only then all of it goes, so that a failure leaves something to try
 * again with. Why Zendesk could not be told is given to `onUntold`, which throws unless it is to go on. Zendesk
 * sends the remove callback for this as well, in any order. Returns false when somebody has connected the account
 * again meanwhile: then all of it stays.
 */
export async function uninstallForOwner(
  core: UninstallNeeds & Pick<Core, 'secrets' | 'zendesk'>,
  installation: Installation,
  text: string,
  onUntold: (error: unknown) => Promise<void>,
): Promise<boolean> {
  const { installations, secrets } = core;
  const { id, status } = installation;
  // Another one replaces it when the account is connected again; undefined also if it cannot be read.
  const readToken = async () => (await secrets.getAll(installationOwner(id)))[ACCESS_TOKEN];
  const token = await readToken();
  await installations.setStatus(id, [status], 'removing');
  await revokeAccess(core, installation).catch(onUntold);
  // Somebody who removed it at the same time, and could not tell Zendesk, may have put the status back. From here
  // on an install that ends shows by the status, and one that has ended by the token.
  await installations.setStatus(id, OTHERS, 'removing');
  if ((await readToken()) === token) await uninstall(core, installation, text, 'removing');
  else await installations.setStatus(id, ['removing'], 'active');
  return (await installations.find(id)) === undefined;
}

/** What is said when `uninstallForOwner` leaves an account as it is. */
export const keptText = (name: string): string =>
  `${name} was connected again meanwhile, so nothing of it was deleted.`;

/** Where Zendesk says that there is nothing left to revoke, it is done. */
export async function revokeAccess(
  { zendesk }: Pick<Core, 'zendesk'>,
  installation: Installation,
): Promise<void> {
  try {
    const account = await zendesk.clientFor(installation);
    await account.revokeAccess();
  } catch (error) {
    const isOver = isTokenRejected(error) || isGone(error);
    // Of an account that is not known yet, the address is not known either.
    if (!isOver || installation.app_id === null) throw error;
  }
}
