import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  deleteOldEvents,
  deleteSilentConversations,
  dropOldPayloads,
} from '../../../server/features/retention/events.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { SLICE } from '../../../server/store/slices.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { countTurns } from '../../support/count-turns.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { oldEventRow } from '../../support/store/insert-event.ts';

const now = () => Date.UTC(2026, 0, 31);
const OLD = 4 * SLICE + 1;
const installation_id = randomUUID();

const event = (id: string) => oldEventRow(installation_id, id);
const conversation = (id: string) => ({ installation_id, conversation_id: id, last_event_at: 1 });

describe.each(engines)('on %s others have their turn while', (engine) => {
  let database: Database;
  beforeEach(async () => {
    database = await openTestDatabase(engine);
    await createInstallationStore({ database, now }).create(installation_id, 'Acme');
  });
  afterEach(() => database.close());

  async function fill(table: 'events' | 'conversations'): Promise<void> {
    const toRow = table === 'events' ? event : conversation;
    const rows = Array.from({ length: OLD }, () => toRow(randomUUID()));
    for (let start = 0; start < OLD; start += 100)
      await database.kysely
        .insertInto(table)
        .values(rows.slice(start, start + 100))
        .execute();
  }
  const readAll = (table: 'events' | 'conversations'): Promise<unknown[]> =>
    database.kysely.selectFrom(table).selectAll().execute();

  it('old events are deleted', async () => {
    await fill('events');
    expect(await countTurns(() => deleteOldEvents(database, now))).toBeGreaterThan(3);
    expect(await readAll('events')).toEqual([]);
  });

  it('silent conversations are deleted, and no others', async () => {
    await fill('conversations');
    const young = { ...conversation('young'), last_event_at: now() };
    await database.kysely.insertInto('conversations').values(young).execute();
    expect(await countTurns(() => deleteSilentConversations(database, now))).toBeGreaterThan(3);
    expect(await readAll('conversations')).toMatchObject([{ conversation_id: 'young' }]);
  });

  it('what customers wrote is forgotten', async () => {
    await fill('events');
    expect(await countTurns(() => dropOldPayloads(database, now))).toBeGreaterThan(3);
    const left = database.kysely.selectFrom('events').where('payload', 'is not', null);
    expect(await left.selectAll().execute()).toEqual([]);
  });
});
