import { afterEach, describe, expect, it, vi } from 'vitest';
import { isHidden } from '../../../server/features/shared/words.ts';
import type { OnMessage } from '../../../server/runtime/types.ts';
import { openChat, openKeeper, type Chat } from '../../support/open-chat.ts';

type Content = Parameters<typeof isHidden>[0]['content'];

let chat: Chat | undefined;
afterEach(() => chat?.shop.close());

describe('a message that the page hides', () => {
  const hi = { type: 'text', text: 'Hi' };
  it.each<[Content, Record<string, unknown> | undefined, boolean]>([
    [hi, undefined, false],
    [hi, { order: 7 }, false],
    [hi, { internal_only: false }, false],
    [hi, { internal_only: true }, true],
    [hi, { isHidden: 'true' }, true],
    [{ type: 'text', text: '' }, { order: 7 }, true],
    [{ type: 'text' }, { order: 7 }, true],
    [{ type: 'text', payload: 'menu' }, { order: 7 }, false],
    [{ type: 'image', mediaUrl: 'https://shop.example/1.png' }, { order: 7 }, false],
    [{ type: 'text' }, {}, false],
  ])('is known by its metadata: %j with %j', (content, metadata, expected) => {
    expect(isHidden({ content, metadata })).toBe(expected);
  });
});

it('a message that the customer wrote is not hidden', async () => {
  const keeper = await openKeeper();
  chat = keeper.chat;
  await chat.say('Hello?', { metadata: { product: 'tent' } });
  expect(keeper.kept).toMatchObject([{ metadata: { product: 'tent' }, isHidden: false }]);
});

describe('a message that the page sends without showing it', () => {
  const metadata = { internal_only: true, flow: 'checkout' };

  it('is left alone while somebody else is in control, also by a bot that would hear it', async () => {
    const onHidden = vi.fn<OnMessage>();
    chat = await openChat({ onHidden });
    chat.zendesk.takeOver(chat.conversationId);
    const note = expect.stringContaining('the Agent Workspace');
    expect(await chat.say('checkout_started', { metadata })).toMatchObject({ note });
    expect(onHidden).not.toHaveBeenCalled();
  });

  it('is left alone, and says why', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Nobody asked.') });
    const event = await chat.say('checkout_started', { metadata });
    expect(event).toMatchObject({ state: 'ignored', note: expect.stringContaining('no onHidden') });
    expect(chat.replies()).toEqual([]);
  });

  it('is for onHidden, where there is one', async () => {
    chat = await openChat({
      onMessage: ({ reply }) => reply('Nobody asked.'),
      onHidden: ({ message, reply }) =>
        reply(
          message.isHidden
            ? `Can I help you with the ${String(message.metadata['flow'])}?`
            : 'You wrote that.',
        ),
    });
    expect(await chat.say('checkout_started', { metadata })).toMatchObject({
      state: 'done',
      note: 'Hidden message handled: 1 reply',
    });
    expect(chat.replies()).toEqual(['Can I help you with the checkout?']);
  });
});
