import { sql } from 'kysely';
import type { Database } from '../../server/store/engines/database.ts';

/** Stores as many handled events as asked, as a year of traffic would leave them: without payload. */
export async function fillEvents(
  { kysely, engine }: Database,
  installation: string,
  count: number,
): Promise<void> {
  if (count === 0) return;
  const numbers =
    engine === 'postgres'
      ? sql`select n from generate_series(1, ${count}::int) as series(n)`
      : sql`with recursive series(n) as (select 1 union all select n + 1 from series where n < ${count}) select n from series`;
  await sql`
    insert into events (installation_id, event_id, type, conversation_key, payload, state, attempts,
      attempts_allowed, run_at, note, received_at, settled_at)
    select ${installation}, 'old-' || n, 'conversation:message', ${installation} || '/old-' || (n % 50000),
      null, 'done', 1, 8, n, 'Message answered: 1 reply', n, n
    from (${numbers}) as numbers`.execute(kysely);
  if (engine === 'postgres') await sql`analyze events`.execute(kysely);
}
