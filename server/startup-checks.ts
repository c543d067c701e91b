import type { Core } from './core.ts';

/**
 * Looks at what the database holds before work begins on it: records the key that we encrypt with, and says
 * which secrets no key of ours fits. Returns when the database was put back from a backup, in epoch
 * milliseconds.
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
  return restoredAt === undefined ? undefined : Number(restoredAt);
}
