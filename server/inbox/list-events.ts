import { sql } from 'kysely';
import { containing, type Database } from '../store/engines/database.ts';
import { laneStarts } from './lanes.ts';
import type { EventState, StoredEvent } from '../store/schema.ts';

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
  /** Whether to look at what is older than that, or newer. */
  isOlder: boolean;
}

const NEWEST: Place = { seq: Number.MAX_SAFE_INTEGER, isOlder: true };

/** A cursor that is null, or whose event is gone, means from the newest on. */
export type ListEvents = (
  installationId: string,
  filter: EventFilter,
  cursor: EventCursor | null,
) => Promise<EventPage>;

/** A page of an installation's events, in order of acknowledgement. */
export function createListEvents({
  database: { kysely },
}: {
  database: Pick<Database, 'kysely'>;
}): ListEvents {
  /** The nearest first. SQLite finds them in the index of the unique key and reads no row. */
  const nearestSeqs = (installationId: string, { seq, isOlder }: Place, limit: number) =>
    kysely
      .selectFrom('events')
      .select('seq')
      .where('installation_id', '=', installationId)
      .where('seq', isOlder ? '<' : '>', seq)
      .orderBy('seq', isOlder ? 'desc' : 'asc')
      .limit(limit);

  /** Of states that have an index, which is never a long one: all of them. */
  function indexedSeqs(installationId: string, state: EventFilter['state']) {
    const seqs = kysely.selectFrom('events').select('seq');
    if (state === 'failed')
      return seqs.where('installation_id', '=', installationId).where('state', '=', sql.lit(state));
    if (state !== 'waiting' && state !== 'working') return undefined;
    // Asked for the installation's id, SQLite would take the index of the unique key instead.
    return seqs
      .where('state', 'in', [sql.lit('waiting' as const), sql.lit('working' as const)])
      .where(isOf(installationId));
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
      .where('seq', '=', from.isOlder ? first : last)
      .executeTakeFirst();
  }

  async function findPlace(installationId: string, cursor: EventCursor | null): Promise<Place> {
    if (cursor === null) return NEWEST;
    const at = await kysely
      .selectFrom('events')
      .select('seq')
      .where('installation_id', '=', installationId)
      .where('event_id', '=', cursor.eventId)
      .executeTakeFirst();
    return at === undefined ? NEWEST : { seq: at.seq, isOlder: cursor.direction === 'older' };
  }

  return async (installationId, filter, cursor) => {
    const { state, type, text } = filter;
    const from = await findPlace(installationId, cursor);
    const { isOlder } = from;
    const isFiltered = state !== '' || type !== '' || text !== '';
    const indexed = indexedSeqs(installationId, state);
    const read = isFiltered ? EVENTS_READ : EVENTS_PER_PAGE + 1;
    const found = await kysely
      .selectFrom('events')
      .select(LISTED)
      .where('seq', 'in', indexed ?? nearestSeqs(installationId, from, read))
      .where('seq', isOlder ? '<' : '>', from.seq)
      .$if(state !== '', (query) => query.where(sql<boolean>`state = ${state}`))
      .$if(type !== '', (query) => query.where('type', '=', type))
      .$if(text !== '', (query) => query.where(hasIdWith(installationId, text)))
      .orderBy('seq', isOlder ? 'desc' : 'asc')
      .limit(EVENTS_PER_PAGE + 1)
      .execute();
    const events = found.slice(0, EVENTS_PER_PAGE);
    const isMore = found.length > EVENTS_PER_PAGE;
    const isAllRead = !isFiltered || indexed !== undefined;
    const stopped = isMore || isAllRead ? undefined : await findEnd(installationId, from);
    const end = isMore ? events.at(-1) : stopped;
    return {
      events: isOlder ? events : events.toReversed(),
      end: end === undefined ? null : { eventId: end.event_id, receivedAt: end.received_at },
    };
  };
}

function isOf(installationId: string) {
  const length = sql.lit(installationId.length + 1);
  return sql<boolean>`substr(conversation_key, 1, ${length}) in (${sql.join(laneStarts(installationId))})`;
}

/** In lower case on both sides, and without the installation's id in front of the conversation's. */
function hasIdWith(installationId: string, text: string) {
  const conversationId = sql`substr(conversation_key, ${sql.lit(installationId.length + 2)})`;
  return sql<boolean>`
    lower(event_id || ' ' || ${conversationId}) like lower(${containing(text)}) escape '\\'`;
}
