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

/** The account's token, which another one replaces when it is connected again; undefined also if it cannot be read. */
export async function readToken(
  { secrets }: Pick<Core, 'secrets'>,
  { id }: Pick<Installation, 'id'>,
): Promise<string | undefined> {
  return (await secrets.getAll(installationOwner(id)))[ACCESS_TOKEN];
}

/**
 * The end of what an owner asked for when it had that token. Returns false when somebody has connected the account
 * again meanwhile: then all of it stays.
 */
export async function uninstallUnlessBack(
  core: UninstallNeeds & Pick<Core, 'secrets'>,
  installation: Installation,
  text: string,
  token: string | undefined,
): Promise<boolean> {
  const { id } = installation;
  // Somebody who removed it at the same time, and could not tell Zendesk, may have put the status back. From here
  // on an install that ends shows by the status, and one that has ended by the token.
  await core.installations.setStatus(id, OTHERS, 'removing');
  if ((await readToken(core, installation)) === token)
    await uninstall(core, installation, text, 'removing');
  else await core.installations.setStatus(id, ['removing'], 'active');
  return (await core.installations.find(id)) === undefined;
}

/** What is said when `uninstallUnlessBack` leaves an account as it is. */
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
