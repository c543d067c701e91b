import { findKeyProblems } from '../../commands/doctor/key-use.ts';
import type { Core } from '../../core.ts';

/** Says in the log which stored secrets no key of ours fits. */
export async function reportLostKeys(
  core: Pick<Core, 'database' | 'secrets' | 'secretOwners' | 'log'>,
): Promise<void> {
  const { log } = core;
  try {
    // Under the name "secrets" the log would hide how many there are.
    for (const { secrets: count, ...problem } of await findKeyProblems(core)) {
      log.error(
        { ...problem, count },
        `${count} stored secret(s) cannot be decrypted. Put the key "${problem.keyId}" back into ` +
          'ENCRYPTION_KEYS and start again; without it, what they belong to has to be connected anew.',
      );
    }
  } catch (error) {
    log.error({ error }, 'Whether each stored secret has its key could not be looked at.');
  }
}
