import type { Database } from '../store/database.ts';
import { listKeyIds } from '../store/list-key-ids.ts';

/** What a database holds, in two sentences for whoever backs it up or puts it back. */
export async function describeContent({ kysely }: Pick<Database, 'kysely'>): Promise<string> {
  const [accounts, waiting, keys] = await Promise.all([
    kysely
      .selectFrom('installations')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .execute(),
    kysely
      .selectFrom('events')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('state', 'in', ['waiting', 'working'])
      .execute(),
    listKeyIds({ kysely }),
  ]);
  const ids = keys.map(({ keyId }) => keyId).join(', ');
  return (
    `It holds ${accounts[0]?.n ?? 0} account(s) and ${waiting[0]?.n ?? 0} event(s) that wait for an answer. ` +
    (ids === '' ? 'It holds no secrets.' : `Its secrets need these encryption keys: ${ids}.`)
  );
}
