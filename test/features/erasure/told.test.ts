import { afterEach, expect, it } from 'vitest';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const readEvents = (type: string) =>
  chat.shop.database.kysely.selectFrom('events').selectAll().where('type', '=', type).execute();

it('deletes what is stored of a customer who was deleted in Zendesk', async () => {
  chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') });
  await chat.say();
  const { conversations } = chat.shop.stores;
  const known = await conversations.find(chat.installationId, chat.conversationId);
  await chat.zendesk.deliver({
    account: 'acme',
    clientId: 'shopkeeper-test',
    events: [
      {
        id: 'removal',
        type: 'user:remove',
        createdAt: '',
        payload: { user: { id: known?.user_id } },
      },
    ],
  });
  const removal = await waitUntil('the conversation is forgotten', async () => {
    const [event] = await readEvents('user:remove');
    return event?.state === 'done' ? event : undefined;
  });
  expect(removal.payload).toBeNull();
  expect(await conversations.find(chat.installationId, chat.conversationId)).toBeUndefined();
  // Their ids stay, so that a late duplicate is known.
  const left = await readEvents('conversation:message');
  for (const row of left) {
    expect(row.payload).toBeNull();
    expect(row.conversation_key).toBe(`${chat.installationId}/${row.event_id}`);
  }
});
