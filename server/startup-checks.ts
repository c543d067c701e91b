import type { Core } from './core.ts';
import { removeAfterRestore } from './inbox/customers/removed.ts';

/**
 * Looks at what the database holds before work begins on it: records the key that we encrypt with, says
 * which secrets no key of ours fits, and deletes again what a backup brought back. Returns when the
 * database was put back from one, in epoch milliseconds.
 */
export async function checkDatabase(core: Core): Promise<number | undefined> {
  const { appState, newestKeyId, findKeyProblems, log } = core;
  await appState.write('newest_key', newestKeyId);
  // Under the name "secrets" the log would hide how many there are.
  for (const { secrets: count, ...problem } of await findKeyProblems()) {
    log.error(
      { ...problem, count },
      `${count} stored secret(s) cannot be decrypted. Put the key "${problem.keyId}" back into ` +
        'ENCRYPTION_KEYS and start again; without it, what they belong to has to be connected anew.',
    );
  }
  const restoredAt = await appState.read('restored_at');
  if (restoredAt !== undefined && restoredAt !== (await appState.read('removed_again_at'))) {
    const removed = await removeAfterRestore(core);
    log.info(removed, 'What was deleted after the backup that was put back is deleted again.');
    await appState.write('removed_again_at', restoredAt);
  }
  return restoredAt === undefined ? undefined : Number(restoredAt);
}
