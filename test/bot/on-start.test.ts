import { describe, expect, it } from 'vitest';
import { onMessage } from '../../server/bot/on-message.ts';
import { onPostback } from '../../server/bot/on-postback.ts';
import { onStart } from '../../server/bot/on-start.ts';
import { fakeMessage } from './fake-message.ts';
import { fakeTools } from './fake-tools.ts';

describe('onStart', () => {
  it('greets once and offers buttons, whose words the bot understands', async () => {
    const { reply, ...others } = fakeTools();
    await onStart({ reply, ...others, reason: 'startConversation' });
    const { buttons = [] } = reply.mock.calls[0]?.[1] ?? {};
    expect(reply).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Hello'), { buttons });
    expect(buttons).not.toEqual([]);
    for (const { text, payload } of buttons) {
      const tools = fakeTools();
      await onMessage({ ...tools, message: fakeMessage({ type: 'text', text, payload }) });
      expect(tools.handOff, text).toHaveBeenCalledOnce();
    }
  });

  it.each(['prechatCapture', 'proactiveMessaging', 'notification', 'linkRequest', 'none'])(
    'leaves alone whom somebody else began to talk with: %s',
    async (reason) => {
      const tools = fakeTools();
      await onStart({ ...tools, reason });
      expect(tools.reply).not.toHaveBeenCalled();
    },
  );
});

describe('onPostback', () => {
  it('answers a button of cards that are gone', async () => {
    const { reply, ...others } = fakeTools();
    const pressed = { payload: 'a button of last year', metadata: {} };
    await onPostback({ reply, ...others, ...pressed });
    expect(reply).toHaveBeenCalledOnce();
  });
});
