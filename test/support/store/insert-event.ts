import { randomUUID } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { Database } from '../../../server/store/engines/database.ts';
import type { EventTable, StoredEvent } from '../../../server/store/schema.ts';

const WAITING = {
  type: 'conversation:message',
  payload: '{}',
  state: 'waiting' as const,
  note: null,
  attempts_allowed: 8,
  run_at: 0,
  received_at: 0,
  settled_at: null,
};

/** A row for `createInsertEvents`, of an event that waits if the changes say nothing else. */
export const newEventRow = <Changes extends object>(
  changes: Changes,
): Omit<typeof WAITING, keyof Changes> & Changes => ({ ...WAITING, ...changes });

/** One that was settled as long ago as can be. */
export const oldEventRow = (installation_id: string, event_id: string) =>
  newEventRow({
    installation_id,
    event_id,
    conversation_key: `${installation_id}/c`,
    state: 'done' as const,
    attempts: 1,
    settled_at: 1,
  });

/** Inserts a waiting event with the given differences. */
export async function insertEvent(
  { kysely }: Database,
  changes: Partial<Insertable<EventTable>> & { installation_id: string },
): Promise<StoredEvent> {
  return kysely
    .insertInto('events')
    .values({
      ...newEventRow({
        event_id: randomUUID(),
        conversation_key: `${changes.installation_id}/conversation`,
        attempts: 0,
      }),
      ...changes,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}
