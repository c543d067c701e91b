import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEventStore } from '../../../server/inbox/events.ts';
import { createInsertEvents } from '../../../server/inbox/receive/insert-events.ts';
import { createObserve } from '../../../server/observe.ts';
import { isForeignKeyViolation, type Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { createGate } from '../../support/gate.ts';
import { newEventRow } from '../../support/store/insert-event.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { rememberConversation } from '../../support/store/remember-conversation.ts';

const NOTE = { kind: 'removed', text: 'Removed in Zendesk' };

describe.each(engines)('an event of an account that is being removed, on %s', (engine) => {
  let database: Database;
  let installations: ReturnType<typeof createInstallationStore>;
  let id: string;
  /** In the transaction that removes it. */
  const removing = vi.fn<() => Promise<void>>(async () => {});

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    const observe = createObserve();
    observe.add({ remove: () => removing() });
    installations = createInstallationStore({ database, observe, now: Date.now });
  });
  beforeEach(async () => {
    id = randomUUID();
    await installations.create(id, 'Acme');
  });
  afterAll(() => database.close());

  const readEvents = () => database.kysely.selectFrom('events').selectAll().execute();

  it('is refused when it comes too late', async () => {
    await installations.remove(id, NOTE);

    const events = createEventStore({ database, observe: createObserve(), now: Date.now });
    const late = eventOf(id);
    await expect(events.insert([late])).rejects.toSatisfy(isForeignKeyViolation);
    expect(await readEvents()).toEqual([]);
  });

  it('is not taken for one when something else of it is missing', async () => {
    const storing = sql`insert into events (installation_id) values (${id})`.execute(
      database.kysely,
    );
    await expect(storing).rejects.not.toSatisfy(isForeignKeyViolation);
  });

  it.runIf(engine === 'sqlite')('goes when it came after the others were deleted', async () => {
    const { kysely } = database;
    const last = { user_id: null, controller: null, last_event_at: 1 };
    const conversation = { installation_id: id, conversation_id: 'last', ...last };
    await rememberConversation(database, conversation);
    await sql`
      create trigger late after delete on conversations begin
        insert into events (installation_id, event_id, type, conversation_key, state, attempts,
          attempts_allowed, run_at, received_at)
        values (old.installation_id, 'late', '', old.installation_id || '/late', 'waiting', 0, 8, 0, 0);
      end`.execute(kysely);
    await installations.remove(id, NOTE);
    await sql`drop trigger late`.execute(kysely);

    expect(await readEvents()).toEqual([]);
  });

  it.runIf(engine === 'postgres')('is waited for while it is stored, and goes', async () => {
    const { kysely } = database;
    const gate = createGate();
    const storing = kysely.transaction().execute(async (transaction) => {
      await createInsertEvents(database)([eventOf(id)], transaction);
      await gate.pass();
    });
    await gate.entered;
    const removed = installations.remove(id, NOTE);
    await waitUntil('the removal waits', isSomebodyWaiting);
    gate.open();
    await storing;

    expect(await removed).toBe(true);
    expect(await readEvents()).toEqual([]);
  });

  it.runIf(engine === 'postgres')('waits for the removal, and is refused', async () => {
    const gate = createGate();
    removing.mockImplementationOnce(gate.pass);
    const removed = installations.remove(id, NOTE);
    await gate.entered;
    const storing = createInsertEvents(database)([eventOf(id)]);
    const refused = expect(storing).rejects.toSatisfy(isForeignKeyViolation);
    await waitUntil('it waits', isSomebodyWaiting);
    gate.open();
    await removed;

    await refused;
    expect(await readEvents()).toEqual([]);
  });

  it.runIf(engine === 'postgres')('does not undo the removal by being settled', async () => {
    const { kysely } = database;
    const conversation = { installation_id: id, user_id: null, controller: null, last_event_at: 1 };
    const upsert = { ...conversation, conversation_id: 'last' };
    await rememberConversation(database, upsert);
    const stop = await haveOneStoredAndWait(kysely);
    const gate = createGate();
    const held = kysely.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(1)`.execute(transaction);
      await gate.pass();
    });
    await gate.entered;
    const removed = installations.remove(id, NOTE);
    await waitUntil('the removal waits', isSomebodyWaiting);
    const settled = kysely.transaction().execute(async (transaction) => {
      // Of the two it would be the removal that is given up.
      await sql`set local deadlock_timeout = '1min'`.execute(transaction);
      const late = transaction.updateTable('events').where('event_id', '=', 'late');
      await late.set({ note: 'Answered.' }).execute();
      const row = { ...conversation, conversation_id: 'late' };
      await transaction.insertInto('conversations').values(row).execute();
    });
    const refused = expect(settled).rejects.toSatisfy(isForeignKeyViolation);
    await waitUntil('both wait', async () => (await countWaiting()) > 1);
    gate.open();
    await held;

    expect(await removed).toBe(true);
    await refused;
    expect(await readEvents()).toEqual([]);
    await stop();
  });

  /** An event that is stored once the others were deleted, and a removal that waits for a lock then. */
  async function haveOneStoredAndWait(kysely: Database['kysely']): Promise<() => Promise<void>> {
    const run = (text: string) => sql.raw(text).execute(kysely);
    await run(`create function store_late() returns trigger language plpgsql as $$ begin
      insert into events (installation_id, event_id, type, conversation_key, state, attempts,
        attempts_allowed, run_at, received_at)
      values (old.installation_id, 'late', '', old.installation_id || '/late', 'waiting', 0, 8, 0, 0);
      return old; end $$`);
    await run(`create function hold() returns trigger language plpgsql as $$ begin
      perform pg_advisory_xact_lock(1); return old; end $$`);
    await run(`create trigger late after delete on conversations
      for each row execute function store_late()`);
    await run(`create trigger hold before delete on installations
      for each row execute function hold()`);
    return async () => {
      await run('drop function store_late cascade');
      await run('drop function hold cascade');
    };
  }

  const isSomebodyWaiting = async (): Promise<boolean> => (await countWaiting()) > 0;

  /** For a row that another transaction holds. */
  async function countWaiting(): Promise<number> {
    const { rows } = await sql`
      select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(database.kysely);
    return rows.length;
  }
});

const eventOf = (installationId: string) =>
  newEventRow({
    installation_id: installationId,
    event_id: randomUUID(),
    conversation_key: `${installationId}/conversation`,
  });
