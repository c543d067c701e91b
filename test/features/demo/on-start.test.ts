import { describe, expect, it, vi } from 'vitest';
import { sampleBot as bot } from '../../support/sample-bot.ts';
import { demoBot } from '../../../server/features/demo/bot.ts';
import { onStart } from '../../../server/features/demo/on-start.ts';
import { fakeMessage } from '../../bot/fake-message.ts';
import { fakeTools } from '../../bot/fake-tools.ts';

describe('the demo’s onStart', () => {
  it('greets once and offers buttons', async () => {
    const { reply, ...others } = fakeTools();
    await onStart({ reply, ...others, reason: 'startConversation' });
    expect(reply).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('assistant'), {
      buttons: [
        // In this order.
        { text: 'Menu', payload: 'menu' },
        { text: 'Agent', payload: 'agent' },
      ],
    });
    expect(others.handOff).not.toHaveBeenCalled();
  });

  it('offers only buttons whose words the bot understands', async () => {
    const { reply, ...others } = fakeTools();
    await onStart({ reply, ...others, reason: 'startConversation' });
    for (const { text, payload } of reply.mock.calls[0]?.[1]?.buttons ?? []) {
      const tools = Object.assign(fakeTools(), { send: vi.fn() });
      await demoBot(bot).onMessage({
        ...tools,
        message: fakeMessage({ type: 'text', text, payload }),
      });
      const did = tools.send.mock.calls.length + tools.handOff.mock.calls.length;
      expect(did, text).toBe(1);
    }
  });
});
