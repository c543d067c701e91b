import type { BulkInsert } from '../../store/engines/database.ts';
import type { Database } from '../../store/engines/database.ts';
import type { NewEvent } from '../../store/schema.ts';

type EventRow = NewEvent & {
  attempts_allowed: number;
  run_at: number;
  received_at: number;
  settled_at: number | null;
};

const INTO_EVENTS: BulkInsert<keyof EventRow | 'attempts'> = {
  table: 'events',
  texts: ['installation_id', 'event_id', 'type', 'conversation_key', 'payload', 'state', 'note'],
  numbers: ['attempts', 'attempts_allowed', 'run_at', 'received_at', 'settled_at'],
  unique: ['installation_id', 'event_id'],
};

/**
 * Stores rows in order, all or none; those that are there already (same installation and event id) are
 * dropped. The one statement that runs for every delivery.
 */
export function createInsertEvents({ prepareInsert }: Pick<Database, 'prepareInsert'>) {
  const insert = prepareInsert(INTO_EVENTS);
  return (rows: readonly EventRow[]): Promise<void> =>
    insert(rows.map((row) => ({ ...row, attempts: 0 })));
}
