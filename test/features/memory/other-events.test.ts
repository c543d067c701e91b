import { afterEach, describe, expect, it } from 'vitest';
import type { Core } from '../../../server/core.ts';
import type { Feature } from '../../../server/features/feature.ts';
import { features } from '../../../server/features.ts';
import { answerInControl, ownEvent } from '../../../server/features/shared/own-events.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { remembering } from './support/keys.ts';
import { readStored } from './support/talk.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

describe('memory is there', () => {
  it('for an event of a feature’s own: that of its conversation and its customer', async () => {
    const type = 'shopkeeper:made-up';
    let core: Core | undefined;
    const feature: Feature = {
      name: 'made-up',
      eventTypes: {
        [type]: {
          title: 'The feature counted',
          answer: (visit) =>
            answerInControl(
              visit,
              remembering(async ({ memory, reply }) => {
                const [{ count = 0 }, { seen = 0 }] = [
                  await memory.conversation.get(),
                  await memory.customer.get(),
                ];
                await memory.conversation.set({ count: count + 1 });
                await memory.customer.set({ seen: seen + 1 });
                await reply(`${count} and ${seen}`);
                return 'Counted';
              }),
            ),
        },
      },
      open(opened) {
        core = opened;
        return {};
      },
    };
    chat = await openChat(
      {
        onMessage: remembering(async ({ memory, reply }) => {
          await memory.conversation.set({ count: 1 });
          await memory.customer.set({ seen: 5 });
          await reply('Remembered');
        }),
      },
      { features: [...features, feature] },
    );
    await chat.say();
    const [conversation] = await chat.shop.stores.conversations.list(chat.installationId, 1);
    const event = ownEvent(chat.installationId, {
      id: 'shopkeeper:one',
      type,
      conversation: { id: chat.conversationId },
      user: { id: String(conversation?.user_id) },
      data: null,
    });
    await core?.events.insert([event]);
    core?.wake();
    await waitUntil('it is settled', async () => {
      const [stored] = await readStored(chat, 'customer_memory');
      return JSON.stringify(stored) === '{"seen":6}';
    });
    expect(chat.replies()).toEqual(['Remembered', '1 and 5']);
    expect(await readStored(chat, 'conversation_memory')).toEqual([{ count: 2 }]);
  });
});
