import type { Database } from '../../store/engines/database.ts';
import { createEventLog } from '../../inbox/event-log.ts';
import { listKeyIds } from '../../store/secrets/list-key-ids.ts';

/** What a database holds, in two sentences for whoever backs it up or puts it back. */
export async function describeContent(database: Pick<Database, 'kysely'>): Promise<string> {
  const [accounts, waiting, keys] = await Promise.all([
    database.kysely
      .selectFrom('installations')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .execute(),
    createEventLog({ database }).countUnsettled(),
    listKeyIds(database),
  ]);
  const ids = keys.map(({ keyId }) => keyId).join(', ');
  return (
    `Accounts: ${accounts[0]?.n ?? 0}. Events that wait for an answer: ${waiting}. ` +
    (ids === '' ? 'It holds no secrets.' : `Its secrets need these encryption keys: ${ids}.`)
  );
}
