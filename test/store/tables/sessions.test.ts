import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import express from 'express';
import session, { type SessionData } from 'express-session';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../server/store/engines/database.ts';
import { createSessionStore } from '../../../server/store/tables/sessions.ts';
import { createClock, type Clock } from '../../support/clock.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';

const HOUR_MS = 3_600_000;
type SessionStore = ReturnType<typeof createSessionStore>;

describe.each(engines)('the session store on %s', (engine) => {
  let database: Database;
  let clock: Clock;
  let store: SessionStore;
  let sid: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  beforeEach(() => {
    clock = createClock();
    store = createSessionStore({ database, now: clock.now });
    sid = randomUUID();
  });
  afterAll(() => database.close());

  it('gives back a session until it expires', async () => {
    await save(sessionFor(HOUR_MS));

    clock.advance(HOUR_MS - 1);
    expect(await load()).toMatchObject({ ownerId: 'browser' });
    clock.advance(1);
    expect(await load()).toBeNull();
  });

  it('has no session under an unknown id', async () => {
    expect(await load()).toBeNull();
  });

  it('replaces what it had under the same id', async () => {
    await save(sessionFor(HOUR_MS));
    await save(sessionFor(HOUR_MS, 'another'));

    expect(await load()).toMatchObject({ ownerId: 'another' });
  });

  it('keeps a session longer when it is saved with a new expiry, and only then', async () => {
    await save(sessionFor(HOUR_MS));
    clock.advance(HOUR_MS / 2);
    const loaded = await load();
    if (!loaded) throw new Error('The session is gone');
    await save(loaded);
    clock.advance(HOUR_MS / 2);
    expect(await load()).toBeNull();

    await save(sessionFor(2 * HOUR_MS));
    clock.advance(HOUR_MS);
    expect(await load()).toMatchObject({ ownerId: 'browser' });
  });

  it('does not bring a destroyed session back, whoever still holds it', async () => {
    const held = sessionFor(HOUR_MS);
    await save(held);
    await destroy();
    await save(held);
    await save(sessionFor(2 * HOUR_MS, 'another'));

    expect(await load()).toBeNull();
    const row = database.kysely.selectFrom('sessions').selectAll().where('sid', '=', sid);
    expect(await row.executeTakeFirst()).toMatchObject({ data: '' });
    clock.advance(HOUR_MS);
    await store.deleteOld();
    expect(await row.executeTakeFirst()).toBeUndefined();
  });

  it('keeps a session whose cookie has no expiry for a day', async () => {
    await save(sessionFor(null));

    clock.advance(24 * HOUR_MS - 1);
    expect(await load()).toMatchObject({ ownerId: 'browser' });
    clock.advance(1);
    expect(await load()).toBeNull();
  });

  it('deletes expired sessions and keeps the others', async () => {
    await save(sessionFor(HOUR_MS));
    const expired = sid;
    clock.advance(HOUR_MS);
    sid = randomUUID();
    await save(sessionFor(HOUR_MS));

    await store.deleteOld();

    const rows = await database.kysely.selectFrom('sessions').select('sid').execute();
    const sids = rows.map((row) => row.sid);
    expect(sids).toContain(sid);
    expect(sids).not.toContain(expired);
  });

  it.each(['not json', '{"without":"cookie"}', '[]'])('refuses %j as a session', async (data) => {
    await save(sessionFor(HOUR_MS));
    await database.kysely.updateTable('sessions').set({ data }).where('sid', '=', sid).execute();

    await expect(load()).rejects.toThrow();
  });

  it('hands a failure of the database to the callback', async () => {
    const closed = await openTestDatabase(engine);
    await closed.ping();
    await closed.close();
    store = createSessionStore({ database: closed, now: clock.now });

    await expect(load()).rejects.toThrow();
    await expect(save(sessionFor(HOUR_MS))).rejects.toThrow();
    await expect(destroy()).rejects.toThrow();
  });

  it('serves express-session: remembers, regenerates and forgets a browser', async () => {
    store = createSessionStore({ database, now: Date.now });
    const browser = request.agent(createVisitCounter(store));

    await browser.get('/visit').expect(200, '1');
    await browser.get('/visit').expect(200, '2');
    await browser.get('/regenerate').expect(200);
    await browser.get('/visit').expect(200, '1');
    await browser.get('/destroy').expect(200);
    await browser.get('/visit').expect(200, '1');
    await request(createVisitCounter(store)).get('/visit').expect(200, '1');
  });

  function sessionFor(lifetimeMs: number | null, ownerId = 'browser'): SessionData {
    const expires = lifetimeMs === null ? null : new Date(clock.now() + lifetimeMs);
    const data = { cookie: { originalMaxAge: lifetimeMs, expires }, ownerId };
    if (!isSessionData(data)) throw new Error('A session has a cookie');
    return data;
  }

  function load(): Promise<SessionData | null | undefined> {
    return promisify((callback: (error: unknown, data?: SessionData | null) => void) =>
      store.get(sid, callback),
    )();
  }

  function save(data: SessionData): Promise<void> {
    return promisify((callback: (error?: unknown) => void) => store.set(sid, data, callback))();
  }

  function destroy(): Promise<void> {
    return promisify((callback: (error?: unknown) => void) => store.destroy(sid, callback))();
  }
});

/** The store keeps any fields, whichever of them the application declares. */
function isSessionData(data: object): data is SessionData {
  return 'cookie' in data;
}

function createVisitCounter(store: SessionStore) {
  const app = express();
  app.use(
    session({
      store,
      secret: 'a secret of the test',
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: HOUR_MS },
    }),
  );
  app.get('/visit', (req, res) => {
    const visits = 'visits' in req.session ? Number(req.session.visits) + 1 : 1;
    Object.assign(req.session, { visits });
    res.send(String(visits));
  });
  app.get('/regenerate', (req, res, next) => {
    req.session.regenerate((error) => (error ? next(error) : res.send('regenerated')));
  });
  app.get('/destroy', (req, res, next) => {
    req.session.destroy((error) => (error ? next(error) : res.send('destroyed')));
  });
  return app;
}
