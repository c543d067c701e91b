import { sql } from 'kysely';
import type { Database } from '../../store/engines/database.ts';
import type { StoredEvent } from '../../store/schema.ts';
import { deleteInSlices, inSlices, SLICE } from '../../store/slices.ts';
import { PAYLOAD_KEPT_MS } from '../shared/account-events.ts';

const DAY_MS = 24 * 60 * 60_000;
/** One that failed may be replayed for longer. */
const FAILED_PAYLOAD_KEPT_MS = 30 * DAY_MS;
/** That an event arrived, and what became of it, from when it arrived. */
const EVENT_KEPT_MS = 90 * DAY_MS;

/** Forgets what customers wrote once it is not needed any more; the row stays, to know a late duplicate. */
export async function dropOldPayloads(
  { kysely }: Pick<Database, 'kysely'>,
  now: () => number,
): Promise<void> {
  const statement = sql`
    update events set payload = null where seq in (
      select seq from events
      where payload is not null and settled_at is not null
        and settled_at < ${now() - PAYLOAD_KEPT_MS}
        and (state <> 'failed' or settled_at < ${now() - FAILED_PAYLOAD_KEPT_MS})
      order by settled_at limit ${sql.lit(SLICE)}
    )`;
  await inSlices(async () => (await statement.execute(kysely)).numAffectedRows);
}

/** Deletes the rows of events that arrived long ago, unless they still wait for something. */
export async function deleteOldEvents(
  { kysely }: Pick<Database, 'kysely'>,
  now: () => number,
): Promise<void> {
  const before = now() - EVENT_KEPT_MS;
  let after = 0;
  for (;;) {
    // In order of acknowledgement, so that no index on their time is needed.
    const { rows } = await sql<Pick<StoredEvent, 'seq' | 'received_at' | 'state'>>`
      select seq, received_at, state from events where seq > ${after}
      order by seq limit ${sql.lit(SLICE)}`.execute(kysely);
    const last = rows.at(-1);
    if (last === undefined) return;
    const old = rows
      .filter(({ state }) => state !== 'waiting' && state !== 'working')
      .flatMap(({ seq, received_at: at }) => (at < before ? seq : []));
    if (old.length > 0) await kysely.deleteFrom('events').where('seq', 'in', old).execute();
    if (last.received_at >= before) return;
    after = last.seq;
    await new Promise(setImmediate);
  }
}

/** Deletes conversations that nothing was heard of for as long. */
export async function deleteSilentConversations(
  { kysely }: Pick<Database, 'kysely'>,
  now: () => number,
): Promise<void> {
  // The index on time is one for each installation.
  for (const { id } of await kysely.selectFrom('installations').select('id').execute()) {
    const isSilent = sql`installation_id = ${id} and last_event_at < ${now() - EVENT_KEPT_MS}`;
    const key = ['installation_id', 'conversation_id'];
    await deleteInSlices(kysely, 'conversations', key, isSilent);
    await new Promise(setImmediate);
  }
}
