import { sql, type RawBuilder } from 'kysely';
import type { Database } from '../../store/engines/database.ts';
import type { StoredEvent } from '../../store/schema.ts';
import {
  EVENTS_READ,
  findNewest,
  isNear,
  listEvents,
  nearestSeqs,
  type EventCursor,
  type EventFilter,
} from './list-events.ts';
import { CAN_RUN_AGAIN } from './run-again.ts';

export type EventLog = ReturnType<typeof createEventLog>;

/** What an owner may look up in the inbox. */
export function createEventLog({ database }: { database: Pick<Database, 'kysely'> }) {
  const { kysely } = database;

  async function read<Row>(query: RawBuilder<Row>): Promise<Row[]> {
    return (await query.execute(kysely)).rows;
  }

  /** Those that can be run again: of others nothing is left to answer. */
  async function countFailed(installationId: string): Promise<number> {
    const [row] = await read(sql<{ count: number }>`
      select count(*) as count from events
      where installation_id = ${installationId} and ${CAN_RUN_AGAIN}`);
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

    /** When events arrived after that time, as far as the newest EVENTS_READ go. */
    async listArrivals(installationId: string, since: number): Promise<number[]> {
      const newest = await findNewest(kysely);
      const listFrom = (candidates: RawBuilder<unknown>) =>
        read(sql<{ received_at: number }>`
          select received_at from events where received_at > ${since} and ${candidates}`);
      const near = await listFrom(isNear(installationId, newest));
      const [before] = await read(sql<{ received_at: number }>`
        select received_at from events where seq < ${newest.seq - EVENTS_READ}
        order by seq desc limit 1`);
      const isComplete =
        near.length === EVENTS_READ || before === undefined || before.received_at <= since;
      const rows = isComplete
        ? near
        : await listFrom(sql`seq in (${nearestSeqs(installationId, newest, EVENTS_READ)})`);
      return rows.map((row) => row.received_at);
    },
  };
}
