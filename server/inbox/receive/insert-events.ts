import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Batch, Database } from '../../store/engines/database.ts';
import type { NewEvent, Schema, StoredEvent } from '../../store/schema.ts';
import { whileThere } from '../../store/tables/installations.ts';
import { ATTEMPTS_ALLOWED } from '../retry.ts';

type Column = keyof typeof GIVEN;
type EventRow = NewEvent &
  Pick<StoredEvent, 'run_at' | 'received_at' | 'settled_at'> &
  Partial<Pick<StoredEvent, 'lease_owner'> & { lease_ms: number | null }>;

const GIVEN = {
  installation_id: 'text',
  event_id: 'text',
  type: 'text',
  conversation_key: 'text',
  payload: 'text',
  state: 'text',
  note: 'text',
  run_at: 'bigint',
  received_at: 'bigint',
  settled_at: 'bigint',
  lease_owner: 'text',
  lease_ms: 'bigint',
} as const;

/** `isClaimed`: whether the row `head` gets its lease; `time`: from when it counts. */
const insertBatch = (
  name: string,
  installationId: string,
  isClaimed: string,
  time = 'null',
  end = '',
): Batch<Column> => ({
  name,
  given: GIVEN,
  text: `
    insert into events (installation_id, event_id, type, conversation_key, payload, state, note,
      attempts_allowed, attempts, run_at, received_at, settled_at, lease_owner, lease_until)
    select ${installationId}, event_id, type, conversation_key, payload,
      case when is_claimed then 'working' else state end, note,
      ${ATTEMPTS_ALLOWED}, case when is_claimed then 1 else 0 end, run_at, received_at, settled_at,
      case when is_claimed then lease_owner end, case when is_claimed then ${time} + lease_ms end
    from (
      select head.*, ${isClaimed} as is_claimed from (select given.*, 0 as seq from given) as head
    ) as given where true
    on conflict (event_id, installation_id) do nothing ${end}`,
});

/** Only where nothing of the conversation is unsettled, and no feature holds it back. */
const mayBeClaimed = (mayBegin: string) => `lease_owner is not null and ${mayBegin} and (
  select min(seq) from events
  where events.conversation_key = head.conversation_key and events.state in ('waiting', 'working')
) is null`;

/**
 * Stores rows in order, all or none; those that are there already (same installation and event id) are
 * dropped. Returns those with a lease that were claimed in the same statement. The one statement that runs
 * for every delivery. With an installation that is gone it fails as with a foreign key.
 */
export function createInsertEvents(
  { prepareBatch, dialect, kysely }: Database,
  mayBegin: RawBuilder<boolean> = sql`true`,
) {
  type Stored = Pick<StoredEvent, 'seq' | 'installation_id' | 'event_id' | 'state'>;
  const installationId = whileThere(dialect, sql.ref('given.installation_id')).compile(kysely).sql;
  const insert = prepareBatch(insertBatch('insert-events', installationId, 'false'));
  const insertClaimed = prepareBatch<Column, Stored>(
    insertBatch(
      'insert-events-claimed',
      installationId,
      mayBeClaimed(mayBegin.compile(kysely).sql),
      dialect.serverTime?.compile(kysely).sql ?? 'received_at',
      'returning seq, installation_id, event_id, state',
    ),
  );

  return async function insertEvents(
    rows: readonly EventRow[],
    transaction?: Kysely<Schema>,
  ): Promise<StoredEvent[]> {
    if (rows.every(({ lease_owner: owner }) => !owner)) {
      await insert(rows, transaction);
      return [];
    }
    const stored = await insertClaimed(rows, transaction);
    const claimed = new Map(
      stored.filter(({ state }) => state === 'working').map((one) => [keyOf(one), one.seq]),
    );
    return rows.flatMap((row) => {
      const seq = claimed.get(keyOf(row));
      if (seq === undefined) return [];
      // The same event may be there twice.
      claimed.delete(keyOf(row));
      return [{ seq, ...FRESH, ...row, state: 'working' as const }];
    });
  };
}

/** Where a row leaves it out. When its lease ends nobody asks: that is between the instances and the database. */
const FRESH = {
  attempts: 1,
  attempts_allowed: ATTEMPTS_ALLOWED,
  payload: null,
  note: null,
  lease_owner: null,
  lease_until: null,
};

/** Two accounts may have an event of the same id. */
export const keyOf = (event: Pick<StoredEvent, 'installation_id' | 'event_id'>): string =>
  `${event.installation_id}/${event.event_id}`;
