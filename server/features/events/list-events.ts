import { sql, type RawBuilder } from 'kysely';
import type { Database } from '../../store/engines/database.ts';
import type { EventState, StoredEvent } from '../../store/schema.ts';
import { containing, isUnsettledOf, seqsOf } from '../shared/account-events.ts';

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

export type ListedEvent = Pick<
  StoredEvent,
  | 'event_id'
  | 'type'
  | 'conversation_key'
  | 'payload'
  | 'state'
  | 'attempts'
  | 'note'
  | 'run_at'
  | 'received_at'
  | 'settled_at'
>;

export interface EventPage {
  /** Newest first. */
  events: ListedEvent[];
  /** Where to go on in the direction that was asked for; null: there is no more. */
  end: { eventId: string; receivedAt: number } | null;
}

export const EVENTS_PER_PAGE = 50;

/**
 * No index sorts the events of an installation by time: every delivery would pay for it. So whatever
 * has to read the events themselves reads this many of them at a time, and says so. As many of all installations
 * are looked at first: one that has much to sort is found among them.
 */
export const EVENTS_READ = 10_000;

interface Place {
  seq: number;
  /** Whether to look at what is older than that, or newer. */
  isOlder: boolean;
}

/**
 * A page of an installation's events, in order of acknowledgement. A cursor that is null, or whose event is
 * gone, means from the newest on.
 */
export async function listEvents(
  { kysely }: Pick<Database, 'kysely'>,
  installationId: string,
  { state, type, text }: EventFilter,
  cursor: EventCursor | null,
): Promise<EventPage> {
  const from = await findPlace(kysely, installationId, cursor);
  const indexed = indexedSeqs(installationId, state);
  const conditions = [
    isBeyond(from),
    ...(state === '' ? [] : [sql`state = ${state}`]),
    ...(type === '' ? [] : [sql`type = ${type}`]),
    ...(text === '' ? [] : [hasIdWith(installationId, text)]),
  ];
  const isFiltered = conditions.length > 1;
  const limit = isFiltered ? EVENTS_READ : EVENTS_PER_PAGE + 1;
  async function read(candidates: RawBuilder<unknown>): Promise<ListedEvent[]> {
    const { rows } = await sql<ListedEvent>`
      select event_id, type, conversation_key, payload, state, attempts, note, run_at, received_at,
        settled_at
      from events where ${candidates} and ${sql.join(conditions, sql` and `)}
      order by seq ${nearestFirst(from)} limit ${sql.lit(EVENTS_PER_PAGE + 1)}`.execute(kysely);
    return rows;
  }
  const near = indexed === undefined ? await read(isNear(installationId, from)) : [];
  const found =
    near.length > EVENTS_PER_PAGE
      ? near
      : await read(sql`seq in (${indexed ?? nearestSeqs(installationId, from, limit)})`);
  const events = found.slice(0, EVENTS_PER_PAGE);
  const isMore = found.length > EVENTS_PER_PAGE;
  const isAllRead = !isFiltered || indexed !== undefined;
  const stopped = isMore || isAllRead ? undefined : await findEnd(kysely, installationId, from);
  const end = isMore ? events.at(-1) : stopped;
  return {
    events: from.isOlder ? events : events.toReversed(),
    end: end === undefined ? null : { eventId: end.event_id, receivedAt: end.received_at },
  };
}

async function findPlace(
  kysely: Database['kysely'],
  installationId: string,
  cursor: EventCursor | null,
): Promise<Place> {
  if (cursor !== null) {
    const { rows } = await sql<{ seq: number }>`
      select seq from events
      where installation_id = ${installationId} and event_id = ${cursor.eventId}`.execute(kysely);
    const [at] = rows;
    if (at !== undefined) return { seq: at.seq, isOlder: cursor.direction === 'older' };
  }
  return await findNewest(kysely);
}

/** Ahead of the newest event of all installations. */
export async function findNewest(kysely: Database['kysely']): Promise<Place> {
  const { rows } = await sql<{ seq: number | null }>`select max(seq) as seq from events`.execute(
    kysely,
  );
  return { seq: (rows[0]?.seq ?? 0) + 1, isOlder: true };
}

const isBeyond = ({ seq, isOlder }: Place) => (isOlder ? sql`seq < ${seq}` : sql`seq > ${seq}`);
const nearestFirst = ({ isOlder }: Place) => (isOlder ? sql`desc` : sql`asc`);

/** Row after row of all installations. */
export function isNear(installationId: string, from: Place): RawBuilder<unknown> {
  const end = from.isOlder
    ? sql`seq >= ${from.seq - EVENTS_READ}`
    : sql`seq <= ${from.seq + EVENTS_READ}`;
  return sql`installation_id = ${installationId} and ${isBeyond(from)} and ${end}`;
}

/** Found in the indexes of its lanes: no row is read. */
export const nearestSeqs = (installationId: string, from: Place, limit: number) => sql`
  select seq from (${seqsOf(installationId)}) as own where ${isBeyond(from)}
  order by seq ${nearestFirst(from)} limit ${sql.lit(limit)}`;

/** Of states that have an index, which is never a long one: all of them. */
function indexedSeqs(installationId: string, state: EventFilter['state']) {
  if (state === 'failed')
    return sql`select seq from events where installation_id = ${installationId} and state = 'failed'`;
  if (state !== 'waiting' && state !== 'working') return undefined;
  return sql`select seq from events where ${isUnsettledOf(installationId)}`;
}

/** The last one that was read, unless there was none left to read. */
async function findEnd(kysely: Database['kysely'], installationId: string, from: Place) {
  const read = await sql<{ count: number; first: number | null; last: number | null }>`
    select count(*) as count, min(seq) as first, max(seq) as last
    from (${nearestSeqs(installationId, from, EVENTS_READ)}) as seqs`.execute(kysely);
  const { count = 0, first, last } = read.rows[0] ?? {};
  if (count < EVENTS_READ) return undefined;
  const { rows } = await sql<Pick<StoredEvent, 'event_id' | 'received_at'>>`
    select event_id, received_at from events
    where seq = ${from.isOlder ? first : last}`.execute(kysely);
  return rows[0];
}

/** In lower case on both sides, and without the installation's id in front of the conversation's. */
function hasIdWith(installationId: string, text: string) {
  const conversationId = sql`substr(conversation_key, ${sql.lit(installationId.length + 2)})`;
  return sql<boolean>`
    lower(event_id || ' ' || ${conversationId}) like lower(${containing(text)}) escape '\\'`;
}
