import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createConversationStore,
  type ConversationUpsert,
} from '../../../server/store/tables/conversations.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { rememberConversation } from '../../support/store/remember-conversation.ts';

describe.each(engines)('the conversation store on %s', (engine) => {
  let database: Database;
  let conversations: ReturnType<typeof createConversationStore>;
  let installationId: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    conversations = createConversationStore(database);
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

  async function createInstallation(): Promise<string> {
    const id = randomUUID();
    await createInstallationStore({ database, now: Date.now }).create(id, 'Acme');
    return id;
  }

  async function upsert(changes: Partial<ConversationUpsert>): Promise<void> {
    await rememberConversation(database, {
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
});
