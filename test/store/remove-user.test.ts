import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { insertActivity } from '../../server/store/activity.ts';
import type { Database } from '../../server/store/database.ts';
import { createInstallationStore } from '../../server/store/installations.ts';
import { createRemoveUser, type RemoveUser } from '../../server/store/remove-user.ts';
import { engines, openTestDatabase } from '../support/engines.ts';
import { insertEvent } from '../support/insert-event.ts';
import { readWholeDatabase } from '../support/read-whole-database.ts';

describe.each(engines)('forgetting a customer on %s', (engine) => {
  let database: Database;
  let removeUser: RemoveUser;
  let id: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    removeUser = createRemoveUser({ database });
  });
  beforeEach(async () => {
    id = randomUUID();
    await createInstallationStore({ database, now: Date.now }).create(id, 'Acme');
  });
  afterAll(() => database.close());

  it('finds the conversation of a message that failed, which nothing but its payload names', async () => {
    await insertMessage('lost', { author: { type: 'user', userId: 'user' } }, 'failed');
    await insertMessage('lost', { author: { type: 'business' }, text: 'You said: my secret' });
    await insertMessage('other', { author: { type: 'user', user: { id: 'another' } } }, 'failed');

    expect(await removeUser(id, 'user')).toEqual(['lost']);

    expect(await readKeys()).toEqual([`${id}/other`]);
  });

  it('deletes the activity about the customer’s conversations and no other line', async () => {
    await insertMessage('theirs', { user: { id: 'user' } });
    const lines = { kind: 'failed', at: 1, installation_id: id };
    await insertActivity(database.kysely, {
      ...lines,
      conversation_key: `${id}/theirs`,
      text: 'failed: no order of Jane Doe',
    });
    await insertActivity(database.kysely, {
      ...lines,
      conversation_key: `${id}/other`,
      text: 'of another customer',
    });
    await insertActivity(database.kysely, { ...lines, text: 'of the installation' });

    await removeUser(id, 'user');

    const kept = await readAbout(id);
    expect(kept).not.toContain('Jane Doe');
    expect(kept).toContain('of another customer');
    expect(kept).toContain('of the installation');
  });

  it('does not take a word, metadata, or an id that only looks alike for the customer', async () => {
    await insertMessage('says', { text: 'user and "userId":"user"' });
    await insertMessage('carries', { metadata: { orderedBy: 'user' } });
    await insertMessage('case', { user: { id: 'USER' } });
    await insertMessage('pattern', { user: { id: 'us_r' } });

    expect(await removeUser(id, 'user')).toEqual([]);
    expect(await removeUser(id, 'us%')).toEqual([]);
    expect(await readKeys()).toHaveLength(4);
  });

  it('touches no other installation', async () => {
    const elsewhere = randomUUID();
    await createInstallationStore({ database, now: Date.now }).create(elsewhere, 'Bloom');
    const payload = JSON.stringify({ payload: { user: { id: 'user' } } });
    await insertEvent(database, { installation_id: elsewhere, payload });

    expect(await removeUser(id, 'user')).toEqual([]);

    expect(await readAbout(elsewhere)).toContain('conversation:message');
  });

  it('leaves the event that asked for it, which is being handled', async () => {
    const payload = JSON.stringify({ payload: { user: { id: 'user' } } });
    await insertEvent(database, { installation_id: id, type: 'user:remove', payload });

    expect(await removeUser(id, 'user')).toEqual([]);

    expect(await readAbout(id)).toContain('user:remove');
  });

  it('finds everything however much there is', async () => {
    const rows = Array.from({ length: 1_200 }, (_, index) => ({
      installation_id: id,
      event_id: randomUUID(),
      type: 'conversation:message',
      conversation_key: `${id}/${index % 2 === 0 ? 'theirs' : 'other'}`,
      payload: JSON.stringify(index === 800 ? { user: { id: 'user' } } : {}),
      state: 'ignored' as const,
      note: null,
      attempts_allowed: 8,
      run_at: 0,
      received_at: 0,
      settled_at: 0,
    }));
    await database.insertEvents(rows);

    expect(await removeUser(id, 'user')).toEqual(['theirs']);

    expect(new Set(await readKeys())).toEqual(new Set([`${id}/other`]));
    expect(await readKeys()).toHaveLength(600);
  });

  const insertMessage = (
    conversation: string,
    message: object,
    state: 'done' | 'failed' = 'done',
  ) =>
    insertEvent(database, {
      installation_id: id,
      conversation_key: `${id}/${conversation}`,
      payload: JSON.stringify({ payload: { conversation: { id: conversation }, message } }),
      state,
    });

  async function readKeys(): Promise<string[]> {
    const rows = await database.kysely
      .selectFrom('events')
      .select('conversation_key')
      .where('installation_id', '=', id)
      .execute();
    return rows.map((row) => row.conversation_key);
  }

  async function readAbout(installationId: string): Promise<string> {
    const rows = await readWholeDatabase(database);
    const about = rows.map(({ row }) => JSON.stringify(row));
    return about.filter((row) => row.includes(installationId)).join('\n');
  }
});
