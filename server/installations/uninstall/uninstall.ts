import type { Core } from '../../core.ts';
import { isGone, isTokenRejected } from '../../remote-error.ts';
import type { Installation, InstallationStatus } from '../../store/schema.ts';

export type UninstallNeeds = Pick<Core, 'installations' | 'parts'>;

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

/** Where Zendesk says that there is nothing left to revoke, it is done. */
export async function revokeAccess(
  { zendesk }: Pick<Core, 'zendesk'>,
  installation: Installation,
): Promise<void> {
  try {
    const account = await zendesk.clientFor(installation);
    await account.revokeAccess();
  } catch (error) {
    if (!isTokenRejected(error) && !isGone(error)) throw error;
  }
}
