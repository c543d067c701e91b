import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { countUnsettledOf, createQueueLimit } from '../../../server/features/limits/room.ts';
import { createInsertEvents } from '../../../server/inbox/receive/insert-events.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { createClock } from '../../support/clock.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { insertEvent, newEventRow } from '../../support/store/insert-event.ts';
import { deliveryOf, openHook } from '../../support/open-hook.ts';
import { waitUntil } from '../../support/wait-until.ts';

describe.each(engines)('an account that is not answered, on %s', (engine) => {
  it('may have only so many events wait; then Zendesk is asked to keep them', async () => {
    const clock = createClock(Date.now());
    const hook = await openHook({ engine, now: clock.now });
    const { database } = hook.shop;
    const far = clock.now() + 1_000_000;
    const rows = Array.from({ length: 10_000 }, (_, n) =>
      newEventRow({
        installation_id: hook.id,
        event_id: `waiting-${n}`,
        conversation_key: `${hook.id}/${n}`,
        run_at: far,
      }),
    );
    await createInsertEvents(database)(rows);
    const answer = await hook.post(deliveryOf(['one-more']));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '60']);
    expect(await answer.json()).toEqual({ error: expect.stringContaining('send it again later') });

    // Who is to be forgotten does not wait for that.
    const events = [{ id: 'removal', type: 'user:remove', payload: { user: { id: 'ada' } } }];
    expect((await hook.post(JSON.stringify({ events }))).status).toBe(200);
    const removal = database.kysely.selectFrom('events').where('event_id', '=', 'removal');
    await waitUntil('it was handled', async () => {
      const event = await removal.select('state').executeTakeFirst();
      return event?.state === 'done';
    });

    await database.kysely.deleteFrom('events').where('event_id', '=', 'waiting-7').execute();
    clock.advance(1_000);
    expect((await hook.post(deliveryOf(['one-more']))).status).toBe(200);
    await hook.shop.close();
  });
});

describe.each(engines)('the limit of what may wait, on %s', (engine) => {
  it('counts what is not settled of this installation alone, and not for every delivery', async () => {
    const clock = createClock();
    const hook = await openHook({ engine });
    const { database } = hook.shop;
    const other = await hook.shop.install('bloom');
    const run_at = Date.now() + 1_000_000;
    const insert = (id: string, n: number, state: 'waiting' | 'done' = 'waiting') =>
      insertEvent(database, {
        installation_id: id,
        conversation_key: `${id}/${n}`,
        state,
        run_at,
      });
    for (let n = 0; n < 3; n++) {
      await insert(hook.id, n);
      await insert(hook.id, n, 'done');
      await insert(other.id, n);
    }
    const hasRoom = createQueueLimit({ database, now: clock.now }, 5);
    expect(await hasRoom(hook.id, 3)).toBe(false);
    clock.advance(1_000);
    expect(await hasRoom(hook.id, 2)).toBe(true);
    expect(await hasRoom(other.id, 2)).toBe(true);
    await database.kysely.deleteFrom('events').where('state', '=', 'done').execute();
    await insert(hook.id, 3);
    await insert(hook.id, 4);
    expect(await hasRoom(hook.id, 1)).toBe(false);
    await hook.shop.close();
  });

  it('counts once for all who come in the same moment, and again when that is used up', async () => {
    const hook = await openHook({ engine });
    let counts = 0;
    const kysely = hook.shop.database.kysely.withPlugin({
      transformQuery({ node }) {
        counts += 1;
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    });
    const hasRoom = createQueueLimit({ database: { kysely }, now: Date.now });
    const askTogether = (times: number) =>
      Promise.all(Array.from({ length: times }, () => hasRoom(hook.id, 100)));

    expect(await askTogether(10)).not.toContain(false);
    expect(counts).toBe(1);
    expect(await askTogether(15)).not.toContain(false);
    expect(counts).toBe(3);
    await hook.shop.close();
  });
});

describe.runIf(engines.includes('postgres'))('the count on PostgreSQL', () => {
  it('goes through the index itself, also of a table that was never analyzed', async () => {
    const database = await openTestDatabase('postgres', { isNew: true });
    const { kysely } = database;
    await createInstallationStore({ database, now: Date.now }).create('a', 'Acme');
    await sql`
      insert into events (installation_id, event_id, type, conversation_key, payload, state,
        attempts, attempts_allowed, run_at, received_at)
      select 'a', n, 'conversation:message', 'a/' || n, repeat('x', 1400), 'waiting', 1, 8, n, n
      from generate_series(1, 30000) as series(n)`.execute(kysely);
    await sql`update events set state = 'done'`.execute(kysely);
    const { rows } = await sql`explain ${countUnsettledOf('a', 10_000)}`.execute(kysely);
    expect(JSON.stringify(rows)).toMatch(/Index Only Scan using events_unsettled/);
    await database.close();
  });
});
