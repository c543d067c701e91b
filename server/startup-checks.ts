import type { Core } from './core.ts';
import { removeAfterRestore } from './inbox/customers/removed.ts';

/**
 * Looks at what the database holds before work begins on it: records the key that we encrypt with,
 * and deletes again what a backup brought back. Returns when the database was put back from one, in epoch
 * milliseconds.
 */
export async function checkDatabase(core: Core): Promise<number | undefined> {
  const { appState, newestKeyId, log } = core;
  await appState.write('newest_key', newestKeyId);
  const restoredAt = await appState.read('restored_at');
  if (restoredAt !== undefined && restoredAt !== (await appState.read('removed_again_at'))) {
    const removed = await removeAfterRestore(core);
    log.info(removed, 'What was deleted after the backup that was put back is deleted again.');
    await appState.write('removed_again_at', restoredAt);
  }
  return restoredAt === undefined ? undefined : Number(restoredAt);
}
