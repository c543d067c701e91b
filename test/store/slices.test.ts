import { randomBytes, randomUUID } from 'node:crypto';
import type { Insertable } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStores, type Stores } from '../../server/store/create-stores.ts';
import type { Database } from '../../server/store/engines/database.ts';
import type { Schema } from '../../server/store/schema.ts';
import { SLICE } from '../../server/store/slices.ts';
import { countTurns } from '../support/count-turns.ts';
import { engines, openTestDatabase } from '../support/store/engines.ts';
import { oldEventRow } from '../support/store/insert-event.ts';

const NOW = Date.UTC(2026, 0, 31);
const OLD = 4 * SLICE + 1;
const installation_id = randomUUID();

const event = (id: string) => oldEventRow(installation_id, id);

/** A row of each table that is kept for a time only, as old as can be. */
const OLD_ROWS: { [Table in keyof Schema]?: (id: string) => Insertable<Schema[Table]> } = {
  oauth_attempts: (id) => ({
    state_hash: id,
    cookie_hash: 'cookie',
    owner_id: 'owner',
    provider: 'zendesk',
    created_at: 1,
    expires_at: 1,
  }),
  sessions: (id) => ({ sid: id, data: '{}', expires_at: 1 }),
  locks: (id) => ({ name: id, holder: 'killed', held_until: 1 }),
  conversations: (id) => ({ installation_id, conversation_id: id, last_event_at: 1 }),
  events: event,
};

describe.each(engines)('on %s others have their turn while', (engine) => {
  let database: Database;
  let stores: Stores;
  beforeEach(async () => {
    database = await openTestDatabase(engine);
    const keys = [{ id: 'k1', key: randomBytes(32) }];
    stores = createStores({ database, keys, now: () => NOW });
    await stores.installations.create(installation_id, 'Acme');
  });
  afterEach(() => database.close());

  const chores: [table: keyof Schema, deleteOld: () => Promise<unknown>][] = [
    ['oauth_attempts', () => stores.oauthAttempts.deleteOld()],
    ['sessions', () => stores.sessions.deleteOld()],
    ['locks', () => stores.locks.deleteOld()],
  ];

  async function fill(table: keyof Schema): Promise<void> {
    const row = OLD_ROWS[table];
    const rows = Array.from({ length: OLD }, () => row?.(randomUUID()) ?? {});
    for (let start = 0; start < OLD; start += 100)
      await database.kysely
        .insertInto(table)
        .values(rows.slice(start, start + 100))
        .execute();
  }

  const readAll = (table: keyof Schema): Promise<unknown[]> =>
    database.kysely.selectFrom(table).selectAll().execute();

  it.each(chores)('old rows of %s are deleted', async (table, deleteOld) => {
    await fill(table);
    expect(await countTurns(deleteOld)).toBeGreaterThan(3);
    expect(await readAll(table)).toEqual([]);
  });

  it.each(['events', 'conversations'] as const)(
    'an account with many %s is removed',
    async (table) => {
      await fill(table);
      const note = { kind: 'removed', text: 'Acme was removed.' };
      const remove = () => stores.installations.remove(installation_id, note);
      expect(await countTurns(remove)).toBeGreaterThan(3);
      expect(await readAll(table)).toEqual([]);
      expect(await stores.installations.find(installation_id)).toBeUndefined();
    },
  );
});
