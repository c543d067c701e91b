import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listDeletions } from '../../../server/retention.ts';
import { createObserve } from '../../../server/observe.ts';
import { createStores, type Stores } from '../../../server/store/create-stores.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createClock, type Clock } from '../../support/clock.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { readWholeDatabase } from '../../support/store/read-whole-database.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What runs every hour, seen over a month. */
describe.each(engines)('what is kept for a time only, on %s,', (engine) => {
  const id = randomUUID();
  let database: Database;
  let stores: Stores;
  let clock: Clock;

  beforeAll(async () => {
    clock = createClock();
    database = await openTestDatabase(engine);
    const keys = [{ id: 'k1', key: randomBytes(32) }];
    stores = createStores({ database, keys, now: clock.now });
    await stores.installations.create(id, 'Acme');
    const attempt = {
      state_hash: 'an-attempt',
      cookie_hash: 'cookie',
      owner_id: 'owner',
      provider: 'zendesk',
      return_to: null,
    };
    await stores.oauthAttempts.save(attempt, 10 * MINUTE_MS);
    await database.kysely
      .insertInto('locks')
      .values({ name: 'a-dead-lock', holder: 'killed', held_until: clock.now() })
      .execute();
    await database.kysely
      .insertInto('sessions')
      .values({ sid: 'a-session', data: '{}', expires_at: clock.now() + 30 * DAY_MS })
      .execute();
    const settled = { installation_id: id, settled_at: clock.now(), received_at: clock.now() };
    await insertEvent(database, { ...settled, state: 'done', payload: '"what was answered"' });
    await insertEvent(database, { ...settled, state: 'failed', payload: '"what failed"' });
  });
  afterAll(() => database.close());

  async function runUntil(ms: number): Promise<string> {
    clock.advance(Math.max(0, createClock().now() + ms - clock.now()));
    const observe = createObserve();
    const all = { ...stores, database, observe, parts: [], now: clock.now };
    for (const deleteOld of listDeletions(all)) await deleteOld();
    return JSON.stringify(await readWholeDatabase(database));
  }

  it.each([
    ['an attempt to install', 10 * MINUTE_MS, ['an-attempt']],
    ['the lock of a process that was killed', DAY_MS + 1, ['a-dead-lock']],
    ['a session nobody used', 30 * DAY_MS, ['a-session']],
  ])('%s is kept until its time is over, and then gone', async (_name, goneAt, texts) => {
    const before = await runUntil(goneAt - 1);
    for (const text of texts) expect(before).toContain(text);
    const after = await runUntil(goneAt);
    for (const text of texts) expect(after).not.toContain(text);
  });

  it('the installation stays, with the rows of its events', async () => {
    const left = await runUntil(31 * DAY_MS);
    expect(left).toContain('Acme');
    expect(left).toContain('"state":"failed"');
    expect(left).toContain('"state":"done"');
  });
});
