import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginAttempt } from '../../server/oauth/attempts.ts';
import { createOAuthAttemptStore } from '../../server/store/tables/oauth-attempts.ts';
import type { Database } from '../../server/store/engines/database.ts';
import { createLocks } from '../../server/store/tables/locks.ts';
import { createSessionStore } from '../../server/store/tables/sessions.ts';
import { sessions, ensureOwnerId } from '../../server/web/sessions.ts';
import { openTestDatabase } from '../support/store/engines.ts';
import { serve } from '../support/network/serve.ts';

let database: Database;
beforeEach(async () => {
  database = await openTestDatabase('sqlite');
});
afterEach(() => database.close());

/** The cookies a browser gets when it starts an install at this public address. */
async function cookiesOf(publicUrl: string, secrets = ['s'.repeat(32)], cookie = '') {
  const now = Date.now;
  const store = createSessionStore({ database, now });
  const needs = {
    oauthAttempts: createOAuthAttemptStore({ database, now }),
    locks: createLocks({ database, now }),
    config: { publicUrl },
    now,
  };
  const app = express();
  app.use(sessions({ sessions: store, config: { publicUrl }, now }, secrets));
  app.get('/quiet', (_request, response) => response.end());
  app.get('/', async (request, response) => {
    const isNew = request.session.ownerId === undefined;
    const ownerId = ensureOwnerId(request);
    await beginAttempt(needs, request, response, { provider: 'zendesk', ownerId, returnTo: null });
    response.json({ isNew });
  });
  const { url, close } = await serve(app);
  const answer = await fetch(url, { headers: { cookie } });
  const quiet = await fetch(`${url}/quiet`);
  const isNew = JSON.stringify(await answer.json()) === '{"isNew":true}';
  close();
  const set = answer.headers.getSetCookie();
  return {
    session: set.find((line) => !line.includes('attempt')),
    attempt: set.find((line) => line.includes('attempt')),
    quiet: quiet.headers.getSetCookie(),
    isNew,
  };
}
const pairOf = (line: string | undefined) => line?.split(';')[0] ?? '';

describe('the cookies', () => {
  it('are Secure on https, and bound to the host, where no neighbour can set them', async () => {
    const { session, attempt } = await cookiesOf('https://bot.example.com');
    expect(session).toMatch(/^__Host-shopkeeper=/);
    expect(attempt).toMatch(/^__Host-shopkeeper_attempt_[0-9a-f]{12}=/);
    for (const line of [session, attempt]) {
      expect(line).toMatch(/; Secure/);
      expect(line).toMatch(/; Path=\/;/);
      expect(line).not.toMatch(/domain/i);
    }
  });

  it('work on http for development', async () => {
    const { session, attempt } = await cookiesOf('http://localhost:3000');
    expect(session).toMatch(/^shopkeeper=/);
    expect(`${session}${attempt}`).not.toMatch(/Secure/);
  });

  it.each(['https://bot.example.com', 'http://localhost:3000'])(
    'of %s are out of reach for scripts and other sites; the attempt’s lives ten minutes',
    async (publicUrl) => {
      const { session, attempt } = await cookiesOf(publicUrl);
      for (const line of [session, attempt]) {
        expect(line).toMatch(/; HttpOnly/);
        expect(line).toMatch(/; SameSite=Lax/);
      }
      expect(attempt).toMatch(/Max-Age=600;/);
    },
  );

  it('are not set for somebody who only looks', async () => {
    expect((await cookiesOf('https://bot.example.com')).quiet).toEqual([]);
  });

  it('stay good when a newer secret is put in front of the old one', async () => {
    const url = 'https://bot.example.com';
    const [old, newest] = ['o'.repeat(32), 'n'.repeat(32)];
    const cookie = pairOf((await cookiesOf(url, [old])).session);
    expect((await cookiesOf(url, [newest, old], cookie)).isNew).toBe(false);
    expect((await cookiesOf(url, [newest], cookie)).isNew).toBe(true);
  });

  it('that were tampered with count as none', async () => {
    const url = 'https://bot.example.com';
    const cookie = pairOf((await cookiesOf(url)).session);
    expect((await cookiesOf(url, undefined, cookie)).isNew).toBe(false);
    expect((await cookiesOf(url, undefined, `${cookie}x`)).isNew).toBe(true);
  });
});
