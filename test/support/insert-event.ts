import { randomUUID } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { Database } from '../../server/store/engines/database.ts';
import type { EventTable, StoredEvent } from '../../server/store/schema.ts';

/** Inserts a waiting event with the given differences. */
export async function insertEvent(
  { kysely }: Database,
  changes: Partial<Insertable<EventTable>> & { installation_id: string },
): Promise<StoredEvent> {
  return kysely
    .insertInto('events')
    .values({
      event_id: randomUUID(),
      type: 'conversation:message',
      conversation_key: `${changes.installation_id}/conversation`,
      payload: '{}',
      state: 'waiting',
      attempts: 0,
      attempts_allowed: 8,
      run_at: 0,
      received_at: 0,
      ...changes,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}
