import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { isGone, isTokenRejected } from '../../remote-error.ts';
import { nameOwner } from '../../store/tables/installation-owners.ts';
import type { Installation } from '../../store/schema.ts';
import type { Zendesk } from '../../zendesk/client.ts';
import { forget, type Forgetting } from './forget.ts';

export interface Leaving extends Forgetting {
  zendesk: Pick<Zendesk, 'clientFor'>;
  log: Log;
}

/**
 * Uninstalls from our side: revokes at Zendesk first, and only then forgets, so that a failure leaves
 * something to try again with. Zendesk sends the remove callback for this as well, in any order.
 * @throws AppError when Zendesk could not be told.
 */
export async function disconnect(
  deps: Leaving,
  installation: Installation,
  ownerId: string,
): Promise<void> {
  const { id, status, display_name: name } = installation;
  await deps.installations.setStatus(id, [status], 'removing');
  try {
    await revokeAccess(deps, installation);
  } catch (error) {
    await deps.installations.setStatus(id, ['removing'], status);
    // Our own failure, a lost key for one, explains itself.
    if (error instanceof AppError) throw error;
    throw new AppError(
      'zendesk_unreachable',
      'Zendesk could not be told to disconnect.',
      'Nothing was changed. Try again in a moment. If it goes on, remove the bot in Admin Center, or delete this account’s data here.',
      { cause: error },
    );
  }
  await forget(deps, installation, `${name} was disconnected by its owner, ${nameOwner(ownerId)}.`);
}

/**
 * Deletes everything stored of an installation, also when Zendesk cannot be told: whoever asks for that
 * must not have to wait for anybody. Returns whether Zendesk knows: if not, the bot is still installed there.
 */
export async function deleteData(
  deps: Leaving,
  installation: Installation,
  ownerId: string,
): Promise<boolean> {
  const { id, status, display_name: name } = installation;
  await deps.installations.setStatus(id, [status], 'removing');
  const isRevoked = await revokeAccess(deps, installation).then(
    () => true,
    (error: unknown) => {
      deps.log.warn({ error, installationId: id }, 'Zendesk was not told of a deletion.');
      return false;
    },
  );
  const text = `The data of ${name} was deleted by its owner, ${nameOwner(ownerId)}.`;
  await forget(deps, installation, text);
  return isRevoked;
}

/** Where Zendesk says that there is nothing left to revoke, it is done. */
async function revokeAccess({ zendesk }: Leaving, installation: Installation): Promise<void> {
  try {
    const client = await zendesk.clientFor(installation);
    await client.revokeAccess();
  } catch (error) {
    if (!isTokenRejected(error) && !isGone(error)) throw error;
  }
}
