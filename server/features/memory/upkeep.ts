import { sql, type Kysely } from 'kysely';
import type { Gone } from '../gone.ts';
import type { Schema } from '../../store/schema.ts';
import { deleteInSlices } from '../../store/slices.ts';
import { TABLES, type Kind } from './stored.ts';

/** Rows read in one go. */
const PAGE = 200;

/** Of these customers; what is remembered of conversations goes with their rows. */
export async function forgetCustomers(
  kysely: Kysely<Schema>,
  installationId: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const customers = kysely.deleteFrom('customer_memory').where('subject_id', 'in', [...ids]);
  await customers.where('installation_id', '=', installationId).execute();
}

/** Everything that is remembered in an account. */
export async function forgetAll(kysely: Kysely<Schema>, installationId: string): Promise<void> {
  for (const table of Object.values(TABLES))
    await kysely.deleteFrom(table).where('installation_id', '=', installationId).execute();
}

/** Customers of whom nothing new was remembered since that time, in epoch milliseconds. */
export async function forgetCustomersSince(kysely: Kysely<Schema>, time: number): Promise<void> {
  // The index on time is one for each installation.
  for (const { id } of await kysely.selectFrom('installations').select('id').execute()) {
    const isOld = sql`installation_id = ${id} and updated_at < ${time}`;
    await deleteInSlices(kysely, 'customer_memory', ['installation_id', 'subject_id'], isOld);
    await new Promise(setImmediate);
  }
}

/** Of how many something is remembered. */
export async function countMemory(kysely: Kysely<Schema>, installationId: string) {
  const count = async (kind: Kind) => {
    const rows = kysely.selectFrom(TABLES[kind]).where('installation_id', '=', installationId);
    const counted = rows.select(({ fn }) => fn.countAll<number>().as('count'));
    return (await counted.executeTakeFirstOrThrow()).count;
  };
  return { conversations: await count('conversation'), customers: await count('customer') };
}

export interface Remembered {
  id: string;
  value: string;
  updatedAt: number;
}

/** By id, a page at a time. */
export async function* listMemory(
  kysely: Kysely<Schema>,
  kind: Kind,
  installationId: string,
): AsyncGenerator<Remembered> {
  let after = '';
  for (;;) {
    const page = await kysely
      .selectFrom(TABLES[kind])
      .select(['subject_id as id', 'value', 'updated_at as updatedAt'])
      .where('installation_id', '=', installationId)
      .where('subject_id', '>', after)
      .orderBy('subject_id')
      .limit(PAGE)
      .execute();
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** Of whom something is remembered; what is of a conversation goes with its row. */
export const listRemembered = (kysely: Kysely<Schema>) =>
  async function* (installationId: string): AsyncGenerator<Gone> {
    for await (const { id } of listMemory(kysely, 'customer', installationId))
      yield { userIds: [id], conversationIds: [] };
  };
