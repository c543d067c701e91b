import { messageOf } from '../../errors.ts';
import type { Core } from '../../core.ts';
import type { Feature } from '../../features/feature.ts';
import type { Database } from '../../store/engines/database.ts';
import { nameSecretOwners } from './name-owners.ts';

const OWNERS_NAMED = 10;

export interface KeyUse {
  keyId: string;
  /** How many stored secrets need this key. */
  secrets: number;
}

/** The encryption keys that what is stored needs. */
export async function listKeyIds({ kysely }: Pick<Database, 'kysely'>): Promise<KeyUse[]> {
  const rows = await kysely
    .selectFrom('secrets')
    .select(['key_id', (fn) => fn.fn.countAll<number>().as('secrets')])
    .groupBy('key_id')
    .orderBy('key_id')
    .execute();
  return rows.map(({ key_id: keyId, secrets }) => ({ keyId, secrets }));
}

/** What features know by hashes of whichever key was the newest then: also when no secret needs that one any more. */
export async function findHashed(
  { kysely }: Pick<Database, 'kysely'>,
  features: readonly Pick<Feature, 'findHashed'>[],
) {
  const found = await Promise.all(
    features.map(async ({ findHashed: find }) => await find?.(kysely)),
  );
  const hashed = found.filter((one) => one !== undefined);
  if (hashed.length === 0) return undefined;
  return {
    what: hashed.map(({ what }) => what).join(', and '),
    days: Math.max(...hashed.map(({ days }) => days)),
  };
}

export interface KeyProblem {
  keyId: string;
  /** How many stored secrets name this key. */
  secrets: number;
  /** Whose they are, in words; the first ten. */
  owners: string[];
  /** What is wrong, in one sentence. */
  reason: string;
}

/**
 * The keys that stored secrets need and that are not configured, or not with the same bytes. Tries the
 * oldest and the newest secret of each key, not all: a start must not take longer with every account.
 */
export async function findKeyProblems({
  database: { kysely },
  secrets,
  secretOwners,
}: {
  database: Pick<Database, 'kysely'>;
  secrets: Pick<Core['secrets'], 'get'>;
} & Pick<Core, 'secretOwners'>): Promise<KeyProblem[]> {
  async function findReason(keyId: string): Promise<string | undefined> {
    for (const order of ['asc', 'desc'] as const) {
      const row = await kysely
        .selectFrom('secrets')
        .select(['owner', 'field'])
        .where('key_id', '=', keyId)
        .orderBy('updated_at', order)
        .limit(1)
        .executeTakeFirst();
      try {
        if (row !== undefined) await secrets.get(row.owner, row.field);
      } catch (error) {
        return messageOf(error);
      }
    }
    return undefined;
  }

  const problems: KeyProblem[] = [];
  for (const { keyId, secrets: count } of await listKeyIds({ kysely })) {
    const reason = await findReason(keyId);
    if (reason === undefined) continue;
    const owners = await nameSecretOwners(kysely, secretOwners, { keyId, limit: OWNERS_NAMED });
    problems.push({ keyId, secrets: count, owners: [...owners.values()], reason });
  }
  return problems;
}
