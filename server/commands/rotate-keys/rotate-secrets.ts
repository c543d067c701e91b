import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { messageOf } from '../../errors.ts';
import type { Database } from '../../store/engines/database.ts';
import type { SecretOwnerKind } from '../../store/secrets/secrets.ts';
import type { StoredSecret, Vault } from '../../store/secrets/vault.ts';
import { nameSecretOwners } from '../doctor/name-owners.ts';

/** Small, with a pause, so that the running app never waits long for its turn to write. */
const BATCH = 50;
const PAUSE_MS = 10;

export interface UnreadableSecret {
  field: string;
  /** Whose it is, in words. */
  owner: string;
  reason: string;
}

interface Progress {
  read: number;
  rotated: number;
}

/**
 * Reads every stored secret and encrypts those under older keys with the newest. Safe while the app runs
 * and after being killed: each is replaced only if it is still what was read, and what is done already
 * is only checked.
 */
export async function rotateSecrets(
  { kysely }: Pick<Database, 'kysely'>,
  {
    vault,
    secretOwners = [],
    onProgress,
  }: {
    vault: Vault;
    /** Of the features. */
    secretOwners?: readonly SecretOwnerKind[];
    onProgress: (progress: Progress) => void;
  },
): Promise<Progress & { unreadable: UnreadableSecret[] }> {
  let rotated = 0;

  async function readBatch(after: StoredSecret | undefined): Promise<StoredSecret[]> {
    let query = kysely.selectFrom('secrets').selectAll().orderBy('owner').orderBy('field');
    if (after !== undefined) {
      query = query.where(sql<boolean>`(owner, field) > (${after.owner}, ${after.field})`);
    }
    return query.limit(BATCH).execute();
  }

  /** Returns how many were changed by somebody else in the meantime. */
  async function replace(pairs: { old: StoredSecret; fresh: StoredSecret }[]): Promise<number> {
    let replaced = 0;
    await kysely.transaction().execute(async (transaction) => {
      for (const { old, fresh } of pairs) {
        const { numUpdatedRows } = await transaction
          .updateTable('secrets')
          .set(fresh)
          .where('owner', '=', old.owner)
          .where('field', '=', old.field)
          .where('ciphertext', '=', old.ciphertext)
          .executeTakeFirst();
        replaced += Number(numUpdatedRows);
      }
    });
    rotated += replaced;
    await sleep(PAUSE_MS);
    return pairs.length - replaced;
  }

  async function pass() {
    let read = 0;
    let changedMeanwhile = 0;
    const unreadable: UnreadableSecret[] = [];
    let batch = await readBatch(undefined);
    while (batch.length > 0) {
      const { pairs, failures } = encryptAgain(vault, batch);
      if (pairs.length > 0) changedMeanwhile += await replace(pairs);
      if (failures.length > 0) unreadable.push(...(await nameOwners(failures)));
      read += batch.length;
      onProgress({ read, rotated });
      batch = await readBatch(batch.at(-1));
    }
    return { read, changedMeanwhile, unreadable };
  }

  async function nameOwners(failures: Failure[]): Promise<UnreadableSecret[]> {
    const owners = await nameSecretOwners(kysely, secretOwners, {
      owners: failures.map(({ row }) => row.owner),
    });
    return failures.map(({ row, reason }) => {
      return { field: row.field, owner: owners.get(row.owner) ?? row.owner, reason };
    });
  }

  for (;;) {
    const { read, changedMeanwhile, unreadable } = await pass();
    if (changedMeanwhile === 0) return { read, rotated, unreadable };
  }
}

interface Failure {
  row: StoredSecret;
  reason: string;
}

function encryptAgain(vault: Vault, rows: readonly StoredSecret[]) {
  const pairs: { old: StoredSecret; fresh: StoredSecret }[] = [];
  const failures: Failure[] = [];
  for (const old of rows) {
    try {
      const value = vault.decrypt(old);
      if (old.key_id !== vault.newestKeyId)
        pairs.push({ old, fresh: vault.encrypt(old.owner, old.field, value) });
    } catch (error) {
      failures.push({ row: old, reason: messageOf(error) });
    }
  }
  return { pairs, failures };
}
