import { sql } from 'kysely';
import type { Database } from './database.ts';
import { containing } from './like-pattern.ts';
import type { EventState, StoredEvent } from './schema.ts';

/** Empty means any. */
export interface EventFilter {
  state: EventState | '';
  type: string;
  /** Part of an event id or a conversation id. */
  text: string;
}

/** The event beside which to look, and in which direction of time. */
export interface EventCursor {
  eventId: string;
  direction: 'older' | 'newer';
}

const LISTED = [
  'event_id',
  'type',
  'state',
  'attempts',
  'note',
  'run_at',
  'received_at',
  'settled_at',
] as const;

export type ListedEvent = Pick<StoredEvent, (typeof LISTED)[number]>;

export interface EventPage {
  /** Newest first. */
  events: ListedEvent[];
  /** Where to go on in the direction that was asked for; null: there is no more. */
  end: { eventId: string; receivedAt: number } | null;
}

export const EVENTS_PER_PAGE = 50;

/**
 * No index sorts the events of an installation by time: every delivery would pay for it. So whatever
 * has to read the events themselves reads this many of them at a time, and says so.
 */
export const EVENTS_READ = 10_000;

interface Place {
  seq: number;
  direction: EventCursor['direction'];
}

export type EventLog = ReturnType<typeof createEventLog>;

/** What an owner may look up in the inbox. */
export function createEventLog({ database: { kysely } }: { database: Database }) {
  const find = (installationId: string, eventId: string) =>
    kysely
      .selectFrom('events')
      .selectAll()
      .where('installation_id', '=', installationId)
      .where('event_id', '=', eventId)
      .executeTakeFirst();

  /** The nearest first. SQLite finds them in the index of the unique key and reads no row. */
  function nearestSeqs(installationId: string, from: Place, limit: number) {
    const isOlder = from.direction === 'older';
    return kysely
      .selectFrom('events')
      .select('seq')
      .where('installation_id', '=', installationId)
      .where('seq', isOlder ? '<' : '>', from.seq)
      .orderBy('seq', isOlder ? 'desc' : 'asc')
      .limit(limit);
  }

  /** Those that have an index, which is never a long one, are all looked at. */
  function seqsByIndex(installationId: string, state: EventFilter['state']) {
    const seqs = kysely.selectFrom('events').select('seq');
    if (state === 'waiting' || state === 'working')
      return seqs.where('state', 'in', [sql.lit('waiting' as const), sql.lit('working' as const)]);
    if (state !== 'failed') return undefined;
    return seqs
      .where('installation_id', '=', installationId)
      .where('state', '=', sql.lit('failed' as const));
  }

  /** The last one that was read, unless there was none left to read. */
  async function findEnd(installationId: string, from: Place) {
    const seqs = nearestSeqs(installationId, from, EVENTS_READ).as('seqs');
    const { count, first, last } = await kysely
      .selectFrom(seqs)
      .select(({ fn }) => [
        fn.countAll<number>().as('count'),
        fn.min<number | null>('seq').as('first'),
        fn.max<number | null>('seq').as('last'),
      ])
      .executeTakeFirstOrThrow();
    if (count < EVENTS_READ) return undefined;
    return kysely
      .selectFrom('events')
      .select(['event_id', 'received_at'])
      .where('seq', '=', from.direction === 'older' ? first : last)
      .executeTakeFirst();
  }

  return {
    find,

    /** @param cursor null, or of an event that is gone: from the newest on. */
    async list(
      installationId: string,
      { state, type, text }: EventFilter,
      cursor: EventCursor | null,
    ): Promise<EventPage> {
      const at = cursor === null ? undefined : await find(installationId, cursor.eventId);
      const from: Place =
        cursor === null || at === undefined
          ? { seq: Number.MAX_SAFE_INTEGER, direction: 'older' }
          : { seq: at.seq, direction: cursor.direction };
      const isOlder = from.direction === 'older';
      const isFiltered = state !== '' || type !== '' || text !== '';
      const indexed = seqsByIndex(installationId, state);
      const read = isFiltered ? EVENTS_READ : EVENTS_PER_PAGE + 1;
      const found = await kysely
        .selectFrom('events')
        .select(LISTED)
        .where('seq', 'in', indexed ?? nearestSeqs(installationId, from, read))
        .where('installation_id', '=', installationId)
        .where('seq', isOlder ? '<' : '>', from.seq)
        .$if(state !== '', (query) => query.where('state', '=', sql<EventState>`${state}`))
        .$if(type !== '', (query) => query.where('type', '=', type))
        .$if(text !== '', (query) => query.where(hasIdWith(installationId, text)))
        .orderBy('seq', isOlder ? 'desc' : 'asc')
        .limit(EVENTS_PER_PAGE + 1)
        .execute();
      const events = found.slice(0, EVENTS_PER_PAGE);
      const isMore = found.length > EVENTS_PER_PAGE;
      const isAllRead = !isFiltered || indexed !== undefined;
      const end = isMore
        ? events.at(-1)
        : isAllRead
          ? undefined
          : await findEnd(installationId, from);
      return {
        events: isOlder ? events : events.toReversed(),
        end: end === undefined ? null : { eventId: end.event_id, receivedAt: end.received_at },
      };
    },

    async countFailed(installationId: string): Promise<number> {
      const { count } = await kysely
        .selectFrom('events')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('installation_id', '=', installationId)
        .where('state', '=', sql.lit('failed' as const))
        .executeTakeFirstOrThrow();
      return count;
    },

    /** When events arrived after that time, as far as the newest EVENTS_READ go. */
    async listArrivals(installationId: string, since: number): Promise<number[]> {
      const newest = { seq: Number.MAX_SAFE_INTEGER, direction: 'older' as const };
      const rows = await kysely
        .selectFrom('events')
        .select('received_at')
        .where('seq', 'in', nearestSeqs(installationId, newest, EVENTS_READ))
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

/** In lower case on both sides, and without the installation's id in front of the conversation's. */
function hasIdWith(installationId: string, text: string) {
  const conversationId = sql`substr(conversation_key, ${sql.lit(installationId.length + 2)})`;
  return sql<boolean>`
    lower(event_id || ' ' || ${conversationId}) like lower(${containing(text)}) escape '\\'`;
}
