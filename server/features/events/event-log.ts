import { sql, type RawBuilder } from 'kysely';
import type { Database } from '../../store/engines/database.ts';
import type { EventState, StoredEvent } from '../../store/schema.ts';
import { EVENTS_READ, listEvents, type EventCursor, type EventFilter } from './list-events.ts';

export type EventLog = ReturnType<typeof createEventLog>;

/** What an owner may look up in the inbox. */
export function createEventLog({ database }: { database: Pick<Database, 'kysely'> }) {
  const { kysely } = database;

  async function read<Row>(query: RawBuilder<Row>): Promise<Row[]> {
    return (await query.execute(kysely)).rows;
  }

  async function countFailed(installationId: string): Promise<number> {
    const [row] = await read(sql<{ count: number }>`
      select count(*) as count from events
      where installation_id = ${installationId} and state = 'failed'`);
    return row?.count ?? 0;
  }

  return {
    list: (installationId: string, filter: EventFilter, cursor: EventCursor | null) =>
      listEvents(database, installationId, filter, cursor),
    countFailed,

    async find(installationId: string, eventId: string): Promise<StoredEvent | undefined> {
      const [event] = await read(sql<StoredEvent>`
        select * from events where installation_id = ${installationId} and event_id = ${eventId}`);
      return event;
    },

    /** The newest first; `has_payload` is 0 or 1. */
    listFailed: (installationId: string, limit: number) =>
      read(sql<
        Pick<StoredEvent, 'event_id' | 'type' | 'note' | 'attempts' | 'received_at'> & {
          has_payload: number;
        }
      >`
        select event_id, type, note, attempts, received_at,
          case when payload is null then 0 else 1 end as has_payload
        from events where installation_id = ${installationId} and state = 'failed'
        order by seq desc limit ${limit}`),

    /** Among the newest EVENTS_READ; of those that failed, all. */
    async countByState(installationId: string): Promise<Record<EventState, number>> {
      const rows = await read(sql<{ state: EventState; count: number }>`
        select state, count(*) as count from (
          select state from events where installation_id = ${installationId}
          order by seq desc limit ${EVENTS_READ}
        ) as newest group by state`);
      const counts = { waiting: 0, working: 0, done: 0, ignored: 0, failed: 0 };
      for (const { state, count: number } of rows) counts[state] = number;
      return { ...counts, failed: await countFailed(installationId) };
    },

    /** When events arrived after that time, as far as the newest EVENTS_READ go. */
    async listArrivals(installationId: string, since: number): Promise<number[]> {
      const rows = await read(sql<{ received_at: number }>`
        select received_at from events where received_at > ${since} and seq in (
          select seq from events where installation_id = ${installationId}
          order by seq desc limit ${EVENTS_READ}
        )`);
      return rows.map((row) => row.received_at);
    },
  };
}
