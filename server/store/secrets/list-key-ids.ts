import type { Database } from '../engines/database.ts';

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
