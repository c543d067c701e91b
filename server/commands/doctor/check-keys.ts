import type { Reader } from '../../store/open-for-reading.ts';
import { createSecretStore } from '../../store/secrets.ts';
import { createVault, type EncryptionKey } from '../../store/vault.ts';
import { describeAffected } from './describe-affected.ts';
import { advice, type Finding, ok, problem } from './finding.ts';

const CHECK = 'encryption keys';

/** Whether everything that is stored can be decrypted, and which keys nothing needs any more. */
export async function checkKeys(
  reader: Reader,
  keys: readonly EncryptionKey[],
): Promise<Finding[]> {
  const rows = await reader.kysely
    .selectFrom('secrets')
    .select(({ fn }) => ['key_id', fn.countAll<number | string>().as('count')])
    .groupBy('key_id')
    .orderBy('key_id')
    .execute();
  const used = new Map(rows.map(({ key_id: id, count }) => [id, Number(count)]));
  const findings: Finding[] = [];
  for (const id of used.keys()) {
    const key = keys.find((candidate) => candidate.id === id);
    if (key === undefined) findings.push(await reportMissing(reader, id));
    else if (!(await decrypts(reader, key))) findings.push(await reportWrong(reader, id));
  }
  if (findings.length === 0)
    findings.push(ok(CHECK, 'Every stored secret has its key in ENCRYPTION_KEYS.'));
  return [...findings, ...keys.slice(1).map(({ id }) => judgeOldKey(id, used.get(id) ?? 0))];
}

async function reportMissing(reader: Reader, id: string): Promise<Finding> {
  const affected = await describeAffected(reader, id);
  return problem(
    CHECK,
    `The key “${id}” is not in ENCRYPTION_KEYS; without it these cannot be used: ${affected}.`,
    'Put it back, behind the newest. If it is lost, connect those accounts and services again.',
  );
}

async function reportWrong(reader: Reader, id: string): Promise<Finding> {
  const affected = await describeAffected(reader, id);
  return problem(
    CHECK,
    `The key “${id}” in ENCRYPTION_KEYS is another one than the secrets of that id were encrypted with: ${affected}.`,
    'Put the old key back under this id, and the new one in front of it under an id of its own.',
  );
}

function judgeOldKey(id: string, count: number): Finding {
  if (count === 0) {
    const text = `The key id “${id}” is no longer used by any row.`;
    return advice(CHECK, text, 'You can remove it from ENCRYPTION_KEYS.');
  }
  const text = `${count} secret(s) are still encrypted with the older key “${id}”.`;
  return advice(CHECK, text, 'Run `npm run rotate-keys`; then the key can be removed.');
}

/** One secret stands for all of its key. */
async function decrypts(reader: Reader, key: EncryptionKey): Promise<boolean> {
  const row = await reader.kysely
    .selectFrom('secrets')
    .select(['owner', 'field'])
    .where('key_id', '=', key.id)
    .orderBy('owner')
    .orderBy('field')
    .limit(1)
    .executeTakeFirstOrThrow();
  const secrets = createSecretStore({ database: reader, vault: createVault([key]), now: Date.now });
  return await secrets.get(row.owner, row.field).then(
    () => true,
    () => false,
  );
}
