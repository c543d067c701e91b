import { describe, expect, it } from 'vitest';
import { menu } from '../../server/bot/menu.ts';
import { onMessage } from '../../server/bot/on-message.ts';
import { fakeTools } from './fake-tools.ts';

async function say(text: string) {
  const tools = fakeTools();
  await onMessage({ ...tools, message: { type: 'text', text, payload: undefined } });
  return tools;
}

describe('onMessage', () => {
  it.each(['hi', 'Hello', ' START '])('greets a customer who says %j', async (text) => {
    const { reply } = await say(text);
    expect(reply).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Hello'), {
      buttons: [
        expect.objectContaining({ text: 'Menu' }),
        expect.objectContaining({ text: 'Agent' }),
      ],
    });
  });

  it('shows the cards on “menu”', async () => {
    const { replyCarousel } = await say('menu');
    expect(replyCarousel).toHaveBeenCalledExactlyOnceWith(menu);
  });

  it('says goodbye and then hands over on “agent”', async () => {
    const { reply, handOff } = await say('Agent');
    expect(handOff).toHaveBeenCalledExactlyOnceWith({ reason: expect.stringContaining('person') });
    expect(reply).toHaveBeenCalledBefore(handOff);
  });

  it('quotes everything else', async () => {
    const { reply, handOff } = await say('Where is my parcel?');
    expect(reply).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Where is my parcel?'));
    expect(handOff).not.toHaveBeenCalled();
  });

  it('says so when it cannot read what was sent', async () => {
    const tools = fakeTools();
    await onMessage({ ...tools, message: { type: 'other', kind: 'location' } });
    expect(tools.reply).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('only read text'));
  });
});
