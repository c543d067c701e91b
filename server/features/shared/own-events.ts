import { sql, type Kysely } from 'kysely';
import { conversationLane } from '../../inbox/lanes.ts';
import { findOtherController } from '../../runtime/control.ts';
import type { Tools } from '../../runtime/types.ts';
import { leaveAlone, runWithTools, type DispatchResult, type Visit } from '../../runtime/visit.ts';
import type { NewEvent, Schema } from '../../store/schema.ts';
import { createInsertEvents } from '../../inbox/receive/insert-events.ts';
import type { Database } from '../../store/engines/database.ts';

/** The first half for the index on events, which SQLite would not use without it. */
const IS_WAITING = sql<boolean>`state in ('waiting', 'working') and state = 'waiting'`;

/** Answers one in its conversation, unless somebody else is in control. `run` returns in words what it did. */
export async function answerInControl(
  visit: Visit,
  run: (tools: Tools) => Promise<string>,
): Promise<DispatchResult> {
  const reason = findOtherController(visit.active, visit.rule);
  return reason === undefined ? await runWithTools(visit, run) : leaveAlone(visit, reason);
}

/** The row to insert. `data` has to survive JSON. */
export function ownEvent(
  installationId: string,
  event: {
    id: string;
    type: string;
    conversation: { id: string };
    user: { id: string; externalId?: string | null | undefined };
    data: unknown;
  },
): NewEvent {
  const { id, type, ...payload } = event;
  return {
    installation_id: installationId,
    event_id: id,
    type,
    conversation_key: conversationLane(installationId, payload.conversation.id),
    payload: JSON.stringify({ type, payload }),
    state: 'waiting',
    note: null,
  };
}

/** In a transaction of a feature's; what is there already is dropped. `at` is when it happened. */
export async function insertOwnEvents(
  database: Database,
  transaction: Kysely<Schema>,
  events: readonly (NewEvent & { at: number })[],
): Promise<void> {
  const rows = events.map(({ at, ...event }) => ({
    ...event,
    run_at: at,
    received_at: at,
    settled_at: null,
  }));
  await createInsertEvents(database)(rows, transaction);
}

/** Returns where it is: in the lane of its conversation, or of its own since that was deleted. */
export async function findLaneOfEvent(
  kysely: Kysely<Schema>,
  installationId: string,
  eventId: string,
): Promise<string | undefined> {
  const event = await kysely
    .selectFrom('events')
    .select('conversation_key')
    .where('installation_id', '=', installationId)
    .where('event_id', '=', eventId)
    .executeTakeFirst();
  return event?.conversation_key;
}

/** Those that wait in a conversation under ids that begin so will not happen; `note` says why. */
export async function withdrawOwnEvents(
  transaction: Kysely<Schema>,
  lane: string,
  idStart: string,
  note: string,
  at: number,
): Promise<void> {
  await transaction
    .updateTable('events')
    .set({ state: 'ignored', note, payload: null, settled_at: at })
    .where('conversation_key', '=', lane)
    .where(IS_WAITING)
    .where(sql<boolean>`substr(event_id, 1, ${sql.lit(idStart.length)}) = ${idStart}`)
    .execute();
}
