import type { Kysely } from 'kysely';
import type { EventState, Schema } from '../../store/schema.ts';

/** More are only there until the next hourly clean-up. */
const READ = 500;

/** A trace without its steps, and what became of the event it tells of; `null` where it tells of none. */
export interface RecentTrace {
  id: number;
  title: string;
  /** Epoch milliseconds, like the others. */
  at: number;
  eventId: string | null;
  type: string | null;
  conversationId: string | null;
  state: EventState | null;
  note: string | null;
  receivedAt: number | null;
  settledAt: number | null;
}

/** The newest traces of an installation, newest first: an index finds them, and another one the events. */
export async function listRecent(
  kysely: Kysely<Schema>,
  installationId: string,
): Promise<RecentTrace[]> {
  const rows = await kysely
    .selectFrom('traces')
    .leftJoin('events', (join) =>
      join
        .onRef('events.installation_id', '=', 'traces.installation_id')
        .onRef('events.event_id', '=', 'traces.event_id')
        // What was asked of another service for an event stands for itself.
        .on('traces.kind', '=', 'event'),
    )
    .select([
      'traces.id',
      'traces.title',
      'traces.at',
      'events.event_id as eventId',
      'events.type',
      'events.conversation_key as lane',
      'events.state',
      'events.note',
      'events.received_at as receivedAt',
      'events.settled_at as settledAt',
    ])
    .where('traces.installation_id', '=', installationId)
    .orderBy('traces.id', 'desc')
    .limit(READ)
    .execute();
  return rows.map(({ lane, ...row }) => {
    const conversationId = lane?.slice(installationId.length + 1) ?? null;
    // An event that belongs to none stands for itself.
    return { ...row, conversationId: conversationId === row.eventId ? null : conversationId };
  });
}

/** What came of it for the customer: in which the four numbers differ. */
export type Outcome =
  | 'answered'
  | 'handed over'
  | 'ended'
  | 'no reply'
  | 'failed'
  | 'under way'
  | 'left alone';

export function judgeOutcome({ state, note }: Pick<RecentTrace, 'state' | 'note'>): Outcome | null {
  if (state === null) return null;
  if (state === 'failed') return 'failed';
  if (state === 'ignored') return 'left alone';
  if (state !== 'done') return 'under way';
  if (note?.endsWith(', handed over')) return 'handed over';
  if (note?.endsWith(', ended')) return 'ended';
  return /: [1-9]\d* repl/.test(note ?? '') ? 'answered' : 'no reply';
}

/** How long the customer waited, in milliseconds; null while it is under way. */
export const durationOf = ({ receivedAt, settledAt }: RecentTrace): number | null =>
  receivedAt === null || settledAt === null ? null : Math.max(0, settledAt - receivedAt);
