import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createConversationStore,
  type ConversationStore,
  type ConversationUpsert,
} from '../../server/store/conversations.ts';
import type { Database } from '../../server/store/database.ts';
import { createInstallationStore } from '../../server/store/installations.ts';
import { engines, openTestDatabase } from '../support/engines.ts';
import { insertEvent } from '../support/insert-event.ts';

describe.each(engines)('the conversation store on %s', (engine) => {
  let database: Database;
  let conversations: ConversationStore;
  let installationId: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    conversations = createConversationStore({ database });
  });
  beforeEach(async () => {
    installationId = await createInstallation();
  });
  afterAll(() => database.close());

  it('remembers a conversation', async () => {
    await upsert({ controller: 'shopkeeper' });

    expect(await conversations.find(installationId, 'conversation')).toEqual({
      installation_id: installationId,
      conversation_id: 'conversation',
      user_id: 'user',
      controller: 'shopkeeper',
      handed_off_at: null,
      last_event_at: 1,
    });
  });

  it('does not find a conversation in another installation', async () => {
    await upsert({});

    expect(await conversations.find(randomUUID(), 'conversation')).toBeUndefined();
    expect(await conversations.find(installationId, 'unknown')).toBeUndefined();
  });

  it('takes over what the latest event says about control', async () => {
    await upsert({ controller: 'shopkeeper' });
    await upsert({ controller: null, last_event_at: 2 });

    expect(await conversations.find(installationId, 'conversation')).toMatchObject({
      controller: null,
      last_event_at: 2,
    });
  });

  it('keeps the time of the hand-off until another one is given', async () => {
    await upsert({ handed_off_at: 5 });
    await upsert({});
    expect(await findHandedOffAt()).toBe(5);

    await upsert({ handed_off_at: 9 });
    expect(await findHandedOffAt()).toBe(9);

    await upsert({ handed_off_at: null });
    expect(await findHandedOffAt()).toBeNull();
  });

  it('does not forget the user when an event names none', async () => {
    await upsert({ user_id: 'user' });
    await upsert({ user_id: null });

    expect(await conversations.find(installationId, 'conversation')).toMatchObject({
      user_id: 'user',
    });
  });

  it('lists the conversations of one installation, newest first', async () => {
    await upsert({ conversation_id: 'old', last_event_at: 1 });
    await upsert({ conversation_id: 'new', last_event_at: 3 });
    await upsert({ conversation_id: 'middle', last_event_at: 2 });
    await upsert({ installation_id: await createInstallation(), last_event_at: 4 });

    const listed = await conversations.list(installationId, 2);

    expect(listed.map((row) => row.conversation_id)).toEqual(['new', 'middle']);
  });

  it('removes a user with the events of all their conversations, and nobody else', async () => {
    const elsewhere = await createInstallation();
    await fill(installationId, 'first', 'user');
    await fill(installationId, 'second', 'user');
    await fill(installationId, 'of-another-user', 'another');
    await fill(elsewhere, 'first', 'user');

    const removed = await conversations.removeUser(installationId, 'user');

    expect(removed.toSorted()).toEqual(['first', 'second']);
    const kept = `${installationId}/of-another-user`;
    expect(await listEventKeys(installationId)).toEqual([kept, kept]);
    expect(await listEventKeys(elsewhere)).toHaveLength(2);
    expect(await conversations.find(installationId, 'first')).toBeUndefined();
    expect(await conversations.find(installationId, 'of-another-user')).toBeDefined();
    expect(await conversations.find(elsewhere, 'first')).toBeDefined();
  });

  it('has nothing to remove for an unknown user', async () => {
    await upsert({});

    expect(await conversations.removeUser(installationId, 'unknown')).toEqual([]);
    expect(await conversations.find(installationId, 'conversation')).toBeDefined();
  });

  async function createInstallation(): Promise<string> {
    const id = randomUUID();
    await createInstallationStore({ database, now: Date.now }).create(id, 'Acme');
    return id;
  }

  async function upsert(changes: Partial<ConversationUpsert>): Promise<void> {
    await conversations.upsert({
      installation_id: installationId,
      conversation_id: 'conversation',
      user_id: 'user',
      controller: null,
      last_event_at: 1,
      ...changes,
    });
  }

  async function findHandedOffAt(): Promise<number | null | undefined> {
    const row = await conversations.find(installationId, 'conversation');
    return row?.handed_off_at;
  }

  /** A conversation with a waiting and a settled event. */
  async function fill(id: string, conversationId: string, userId: string): Promise<void> {
    await upsert({ installation_id: id, conversation_id: conversationId, user_id: userId });
    for (const state of ['waiting', 'done'] as const) {
      await insertEvent(database, {
        installation_id: id,
        conversation_key: `${id}/${conversationId}`,
        state,
      });
    }
  }

  async function listEventKeys(id: string): Promise<string[]> {
    const rows = await database.kysely
      .selectFrom('events')
      .select('conversation_key')
      .where('installation_id', '=', id)
      .execute();
    return rows.map((row) => row.conversation_key);
  }
});
