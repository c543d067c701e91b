import { afterEach, describe, expect, it } from 'vitest';
import type { DeliveryFailure } from '../../../server/runtime/types.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const fail = (messageId: string, more: object = {}) =>
  chat.tell('conversation:message:delivery:failure', {
    user: { id: 'user', authenticated: false },
    destination: { type: 'whatsapp', integrationId: '1' },
    message: { id: messageId },
    isFinalEvent: true,
    error: { code: 'uncategorized_error', message: 'Unsupported message type `form`' },
    ...more,
  });
const newest = () => chat.zendesk.messages(chat.conversationId).at(-1)?.id ?? '';

describe('a message that the customer’s channel did not deliver', () => {
  it('is told to onDeliveryFailed, on the event and in the activity', async () => {
    const seen: DeliveryFailure[] = [];
    chat = await openChat({
      onMessage: ({ reply }) => reply('Fill this in.'),
      async onDeliveryFailed({ failure, conversation, reply }) {
        seen.push(failure);
        await reply(`Without a form, on ${conversation.channel}.`);
      },
    });
    const { event_id: answered } = await chat.say();
    const messageId = newest();
    const event = await fail(messageId);
    expect(seen).toEqual([
      {
        message: expect.objectContaining({ id: messageId, by: 'bot', text: 'Fill this in.' }),
        channel: 'whatsapp',
        code: 'uncategorized_error',
        reason: 'Unsupported message type `form`',
      },
    ]);
    const note = `whatsapp did not deliver reply 1 to event ${answered}: Unsupported message type \`form\` (uncategorized_error). onDeliveryFailed: 1 reply`;
    expect(event).toMatchObject({ state: 'done', note });
    expect(chat.replies()).toEqual(['Fill this in.', 'Without a form, on whatsapp.']);
    const lines = chat.shop.notes.latest(chat.installationId, 10);
    expect(lines.map(({ text }) => text)).toContain(note);
  });

  it('is told as the channel says it, behind the answer', async () => {
    const seen: DeliveryFailure[] = [];
    chat = await openChat({
      onMessage: ({ reply }) => reply('One.'),
      onDeliveryFailed: async ({ failure }) => void seen.push(failure),
    });
    chat.zendesk.armFault({ kind: 'failChannelDelivery' });
    expect(await chat.say()).toMatchObject({ state: 'done' });
    await waitUntil('the bot was told', () => seen.length > 0);
    expect(seen).toMatchObject([{ message: { text: 'One.' }, channel: 'web' }]);
  });

  it('begins no circle when what is said then is not delivered either', async () => {
    let count = 0;
    chat = await openChat({
      onMessage: ({ reply }) => reply('One.'),
      onDeliveryFailed: ({ reply }) => reply(`Again ${(count += 1)}.`),
    });
    await chat.say();
    await fail(newest());
    expect(await fail(newest())).toMatchObject({
      state: 'done',
      note: expect.stringMatching(/^whatsapp did not deliver reply 1 to event .*error\)\.$/),
    });
    expect(chat.replies()).toEqual(['One.', 'Again 1.']);
  });

  it('is noted for a bot that has no onDeliveryFailed, also without any reason', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('One.') });
    await chat.say();
    expect(await fail(newest(), { error: null, destination: null })).toMatchObject({
      state: 'done',
      note: expect.stringMatching(/^The channel did not deliver .*: no reason was given\.$/),
    });
  });

  it('is not told of what agents wrote, of what nobody finds, or while Zendesk goes on trying', async () => {
    const seen: DeliveryFailure[] = [];
    chat = await openChat({
      onMessage: ({ reply }) => reply('One.'),
      onDeliveryFailed: async ({ failure }) => void seen.push(failure),
    });
    await chat.say();
    const ours = newest();
    chat.zendesk.agentReply({ conversationId: chat.conversationId, text: 'A colleague.' });
    const note = 'It was no message of this bot.';
    expect(await fail(newest())).toMatchObject({ state: 'ignored', note });
    expect(await fail('gone')).toMatchObject({ state: 'ignored', note });
    const goesOn = 'Zendesk goes on trying to deliver it.';
    expect(await fail(ours, { isFinalEvent: false })).toMatchObject({ note: goesOn });
    expect(seen).toEqual([]);
  });

  it('is found behind many others, and told although an agent is in control by now', async () => {
    const seen: string[] = [];
    chat = await openChat({
      onMessage: ({ reply }) => reply('One.'),
      async onDeliveryFailed({ failure, reply }) {
        seen.push(failure.message.text);
        await reply('Over an agent?');
      },
    });
    const { conversationId, zendesk } = chat;
    await chat.say();
    const ours = newest();
    zendesk.takeOver(conversationId);
    for (let n = 0; n < 120; n++) zendesk.agentReply({ conversationId, text: `${n}` });
    const note = 'Control went to the Agent Workspace before the answer was sent.';
    expect(await fail(ours)).toMatchObject({ state: 'ignored', note });
    expect(seen).toEqual(['One.']);
    expect(chat.replies()).toEqual(['One.']);
  });
});
