import { afterEach, expect, it } from 'vitest';
import type { Core } from '../../../server/core.ts';
import type { Feature } from '../../../server/features/feature.ts';
import { features } from '../../../server/features.ts';
import { answerInControl, ownEvent } from '../../../server/features/shared/own-events.ts';
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

it('an event of a feature’s own goes with its customer', async () => {
  const type = 'shopkeeper:made-up';
  let core: Core | undefined;
  const feature: Feature = {
    name: 'made-up',
    eventTypes: {
      [type]: {
        title: 'Made up',
        answer: (visit) =>
          answerInControl(visit, async ({ reply }) => {
            await reply('Your parcel has shipped.');
            return 'Said it';
          }),
      },
    },
    open(opened) {
      core = opened;
      return {};
    },
  };
  chat = await openChat({}, { features: [...features, feature] });
  chat.zendesk.removeUser(chat.userId);
  await waitUntil('the customer is gone', async () => {
    const [removal] = await readEvents('user:remove');
    return removal?.state === 'done';
  });
  const event = ownEvent(chat.installationId, {
    id: 'shopkeeper:one',
    type,
    conversation: { id: chat.conversationId },
    user: { id: chat.userId },
    data: null,
  });
  await core?.events.insert([event]);
  core?.wake();
  const settled = await waitUntil('it is settled', async () => {
    const [stored] = await readEvents(type);
    return stored?.settled_at === null ? undefined : stored;
  });
  expect(settled.state).toBe('ignored');
  expect(chat.callsOf('PostMessage')).toEqual([]);
});
