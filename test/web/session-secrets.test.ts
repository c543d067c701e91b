import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/engines/database.ts';
import { createSessionStore } from '../../server/store/tables/sessions.ts';
import { sessions, ensureOwnerId } from '../../server/web/sessions.ts';
import { openTestDatabase } from '../support/store/engines.ts';
import { serve } from '../support/network/serve.ts';

const OLD = 'an old session secret of 32 letters';
const NEW = 'a new session secret of 32 letters!';

let database: Database;
beforeEach(async () => {
  database = await openTestDatabase('sqlite');
});
afterEach(() => database.close());

/** Asks an app that signs with these secrets who the browser with this cookie is. */
async function visit(secrets: string[], cookie = ''): Promise<{ owner: string; cookie: string }> {
  const store = createSessionStore({ database, now: Date.now });
  const app = express();
  app.use(
    sessions(
      { sessions: store, config: { publicUrl: 'http://localhost' }, now: Date.now },
      secrets,
    ),
    (request, response) => {
      response.send(ensureOwnerId(request));
    },
  );
  const { url, close } = await serve(app);
  const response = await fetch(url, { headers: { cookie } });
  const owner = await response.text();
  close();
  const [set = ''] = response.headers.getSetCookie();
  return { owner, cookie: set.split(';')[0] ?? '' };
}

describe('a new session secret in front of the list', () => {
  it('keeps the browsers that have a cookie signed with the old one', async () => {
    const before = await visit([OLD]);

    expect(await visit([NEW, OLD], before.cookie)).toMatchObject({ owner: before.owner });
  });

  it('signs what is set from then on', async () => {
    const { owner, cookie } = await visit([NEW, OLD]);

    expect(await visit([NEW], cookie)).toMatchObject({ owner });
    expect(await visit([OLD], cookie)).not.toMatchObject({ owner });
  });

  it('no longer knows them once the old one is taken out', async () => {
    const before = await visit([OLD]);

    expect(await visit([NEW], before.cookie)).not.toMatchObject({ owner: before.owner });
  });
});
