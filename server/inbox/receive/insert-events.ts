import type { Batch, Database } from '../../store/engines/database.ts';
import type { NewEvent } from '../../store/schema.ts';

type EventRow = NewEvent & {
  attempts_allowed: number;
  run_at: number;
  received_at: number;
  settled_at: number | null;
};

const INSERT: Batch<keyof EventRow> = {
  name: 'insert-events',
  given: {
    installation_id: 'text',
    event_id: 'text',
    type: 'text',
    conversation_key: 'text',
    payload: 'text',
    state: 'text',
    note: 'text',
    attempts_allowed: 'bigint',
    run_at: 'bigint',
    received_at: 'bigint',
    settled_at: 'bigint',
  },
  text: `
    insert into events (installation_id, event_id, type, conversation_key, payload, state, note,
      attempts, attempts_allowed, run_at, received_at, settled_at)
    select installation_id, event_id, type, conversation_key, payload, state, note,
      0, attempts_allowed, run_at, received_at, settled_at
    from given where true
    on conflict (installation_id, event_id) do nothing`,
};

/**
 * Stores rows in order, all or none; those that are there already (same installation and event id) are
 * dropped. The one statement that runs for every delivery.
 */
export function createInsertEvents({ prepareBatch }: Pick<Database, 'prepareBatch'>) {
  return prepareBatch(INSERT);
}
