import type { Log } from './log.ts';
import type { Stores } from './store/create-stores.ts';

/**
 * Looks at what the database holds before work begins on it: leaves word of the key that we encrypt with,
 * says which secrets no key of ours fits, and answers when the database was put back from a backup.
 */
export async function takeStock(
  { facts, newestKeyId, findKeyProblems }: Stores,
  log: Log,
): Promise<{ restoredAt: number | undefined }> {
  await facts.write('newest_key', newestKeyId);
  for (const problem of await findKeyProblems()) {
    log.error(
      problem,
      `${problem.secrets} stored secret(s) cannot be decrypted. Put the key "${problem.keyId}" back into ` +
        'ENCRYPTION_KEYS and start again; without it, what they belong to has to be connected anew.',
    );
  }
  const restoredAt = await facts.read('restored_at');
  return { restoredAt: restoredAt === undefined ? undefined : Number(restoredAt) };
}
