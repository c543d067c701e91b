import type { Core } from '../../core.ts';
import { AppError } from '../../errors.ts';
import { isGone, isTokenRejected } from '../../remote-error.ts';
import type { Installation, InstallationStatus } from '../../store/schema.ts';
import { nameOwner } from '../../store/tables/installation-owners.ts';

export type UninstallNeeds = Pick<Core, 'installations' | 'parts'>;
type RevokeNeeds = UninstallNeeds & Pick<Core, 'zendesk' | 'log'>;

/**
 * The end of every uninstall, whoever began it: first what needs the tokens, then all of it goes, and observers
 * are told why. With `onlyIf` nothing happens to an installation that has left that status.
 */
export async function uninstall(
  { installations, parts }: UninstallNeeds,
  { id }: Pick<Installation, 'id'>,
  text: string,
  onlyIf?: InstallationStatus,
): Promise<void> {
  await Promise.all(parts.map(async ({ beforeRemoval }) => await beforeRemoval?.(id)));
  await installations.remove(id, { kind: 'removed', text }, onlyIf);
}

/**
 * Uninstalls from our side: revokes at Zendesk first, and only then deletes, so that a failure leaves
 * something to try again with. Zendesk sends the remove callback for this as well, in any order.
 * @throws AppError when Zendesk could not be told.
 */
export async function disconnect(core: RevokeNeeds, installation: Installation, ownerId: string) {
  const { id, status, display_name: name } = installation;
  await core.installations.setStatus(id, [status], 'removing');
  try {
    await revokeAccess(core, installation);
  } catch (error) {
    await core.installations.setStatus(id, ['removing'], status);
    // Our own failure, a lost key for one, explains itself.
    if (error instanceof AppError) throw error;
    const hint =
      'Nothing was changed. Try again in a moment. If it goes on, remove the bot in Admin Center, or delete this account’s data here.';
    const text = 'Zendesk could not be told to disconnect.';
    throw new AppError('zendesk_unreachable', text, hint, { cause: error });
  }
  const text = `${name} was disconnected by its owner, ${nameOwner(ownerId)}.`;
  await uninstall(core, installation, text);
}

/**
 * Deletes everything stored of an installation, also when Zendesk cannot be told: whoever asks for that
 * must not have to wait for anybody. Returns whether Zendesk knows: if not, the bot is still installed there.
 */
export async function deleteData(core: RevokeNeeds, installation: Installation, ownerId: string) {
  const { id, status, display_name: name } = installation;
  await core.installations.setStatus(id, [status], 'removing');
  const isRevoked = await revokeAccess(core, installation).then(
    () => true,
    (error: unknown) => {
      core.log.warn({ error, installationId: id }, 'Zendesk was not told of a deletion.');
      return false;
    },
  );
  const text = `The data of ${name} was deleted by its owner, ${nameOwner(ownerId)}.`;
  await uninstall(core, installation, text);
  return isRevoked;
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
