import { features } from '../../features.ts';
import type { Hashed } from '../../features/feature.ts';
import { createSecretStore } from '../../store/secrets/secrets.ts';
import { createVault, type EncryptionKey } from '../../store/secrets/vault.ts';
import type { CommandDatabase } from '../engine-commands.ts';
import { advice, type Finding, ok, problem } from './finding.ts';
import { findKeyProblems, type KeyProblem, findHashed, listKeyIds } from './key-use.ts';

const CHECK = 'encryption keys';

/** Whether everything that is stored can be decrypted, and which keys nothing needs any more. */
export async function checkKeys(
  database: CommandDatabase,
  keys: readonly EncryptionKey[],
): Promise<Finding[]> {
  const uses = new Map(
    (await listKeyIds(database)).map(({ keyId, secrets }) => [keyId, secrets] as const),
  );
  const secretOwners = features.flatMap(({ secretOwners: some = [] }) => some);
  const secrets = createSecretStore({ database, vault: createVault(keys), now: Date.now });
  const problems = await findKeyProblems({ database, secrets, secretOwners });
  const findings = problems.map((found) => report(found, keys));
  if (findings.length === 0)
    findings.push(ok(CHECK, 'Every stored secret has its key in ENCRYPTION_KEYS.'));
  const hashed = await findHashed(database, features);
  const older = keys.slice(1);
  return [...findings, ...older.map(({ id }) => judgeOldKey(id, uses.get(id) ?? 0, hashed))];
}

function report({ keyId, secrets, owners }: KeyProblem, keys: readonly EncryptionKey[]): Finding {
  const affected = `${secrets} secret(s) cannot be used, of ${owners.join(', ')}`;
  if (keys.some(({ id }) => id === keyId)) {
    return problem(
      CHECK,
      `The key “${keyId}” in ENCRYPTION_KEYS is another one than the secrets of that id were encrypted with: ${affected}.`,
      'Put the old key back under this id, and the new one in front of it under an id of its own.',
    );
  }
  return problem(
    CHECK,
    `The key “${keyId}” is not in ENCRYPTION_KEYS: ${affected}.`,
    'Put it back, behind the newest. If it is lost, connect those accounts and services again.',
  );
}

function judgeOldKey(id: string, count: number, hashed: Hashed | undefined): Finding {
  if (count === 0) {
    const text = `The key id “${id}” is no longer used by any row.`;
    if (hashed === undefined) return advice(CHECK, text, 'You can remove it from ENCRYPTION_KEYS.');
    const fix = `Remove it from ENCRYPTION_KEYS once the app has run with a newer one for ${hashed.days} days: until then it may tell ${hashed.what}.`;
    return advice(CHECK, text, fix);
  }
  const text = `${count} secret(s) are still encrypted with the older key “${id}”.`;
  return advice(CHECK, text, 'Run `npm run rotate-keys`; then the key can be removed.');
}
