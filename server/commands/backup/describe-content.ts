import type { Database } from '../../store/engines/database.ts';
import { listKeyIds } from '../../store/secrets/list-key-ids.ts';

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
    `Accounts: ${accounts[0]?.n ?? 0}. Events that wait for an answer: ${waiting[0]?.n ?? 0}. ` +
    (ids === '' ? 'It holds no secrets.' : `Its secrets need these encryption keys: ${ids}.`)
  );
}
