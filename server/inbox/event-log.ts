import { sql } from 'kysely';
import type { Database } from '../store/engines/database.ts';
import type { EventState, StoredEvent } from '../store/schema.ts';
import { createListEvents, EVENTS_READ } from './list-events.ts';

export type EventLog = ReturnType<typeof createEventLog>;

/** What an owner may look up in the inbox. */
export function createEventLog({ database }: { database: Pick<Database, 'kysely'> }) {
  const { kysely } = database;

  async function countFailed(installationId: string): Promise<number> {
    const { count } = await kysely
      .selectFrom('events')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('installation_id', '=', installationId)
      .where('state', '=', sql.lit('failed' as const))
      .executeTakeFirstOrThrow();
    return count;
  }

  return {
    list: createListEvents({ database }),

    find: (installationId: string, eventId: string): Promise<StoredEvent | undefined> =>
      kysely
        .selectFrom('events')
        .selectAll()
        .where('installation_id', '=', installationId)
        .where('event_id', '=', eventId)
        .executeTakeFirst(),

    countFailed,

    /** The newest first. */
    listFailed: (installationId: string, limit: number) =>
      kysely
        .selectFrom('events')
        .select(['event_id', 'type', 'note', 'attempts', 'received_at'])
        .select(sql<number>`case when payload is null then 0 else 1 end`.as('has_payload'))
        .where('installation_id', '=', installationId)
        .where('state', '=', sql.lit('failed'))
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute(),

    /** What no attempt has settled yet, of all accounts. */
    async countUnsettled(): Promise<number> {
      const { count } = await kysely
        .selectFrom('events')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('state', 'in', ['waiting', 'working'])
        .executeTakeFirstOrThrow();
      return count;
    },

    /** Among the newest EVENTS_READ; of those that failed, all. */
    async countByState(installationId: string): Promise<Record<EventState, number>> {
      const newest = kysely
        .selectFrom('events')
        .select('state')
        .where('installation_id', '=', installationId)
        .orderBy('seq', 'desc')
        .limit(EVENTS_READ);
      const rows = await kysely
        .selectFrom(newest.as('newest'))
        .select(['state', (fn) => fn.fn.countAll<number>().as('count')])
        .groupBy('state')
        .execute();
      const counts = { waiting: 0, working: 0, done: 0, ignored: 0, failed: 0 };
      for (const { state, count } of rows) counts[state] = count;
      return { ...counts, failed: await countFailed(installationId) };
    },

    /** When events arrived after that time, as far as the newest EVENTS_READ go. */
    async listArrivals(installationId: string, since: number): Promise<number[]> {
      const newest = kysely
        .selectFrom('events')
        .select('seq')
        .where('installation_id', '=', installationId)
        .orderBy('seq', 'desc')
        .limit(EVENTS_READ);
      const rows = await kysely
        .selectFrom('events')
        .select('received_at')
        .where('seq', 'in', newest)
        .where('received_at', '>', since)
        .execute();
      return rows.map((row) => row.received_at);
    },

    /** All there is, by event id. */
    listAfter: (installationId: string, afterId: string, limit: number): Promise<StoredEvent[]> =>
      kysely
        .selectFrom('events')
        .selectAll()
        .where('installation_id', '=', installationId)
        .where('event_id', '>', afterId)
        .orderBy('event_id')
        .limit(limit)
        .execute(),
  };
}
