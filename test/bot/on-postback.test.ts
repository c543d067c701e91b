import { describe, expect, it } from 'vitest';
import { menu } from '../../server/bot/menu.ts';
import { onPostback } from '../../server/bot/on-postback.ts';
import { fakeTools } from './fake-tools.ts';

async function press(payload: string) {
  const tools = fakeTools();
  await onPostback({ ...tools, payload });
  return tools;
}

describe('onPostback', () => {
  it.each([
    ['hours', 'open'],
    ['returns', '30 days'],
  ])('answers the button “%s” in one sentence', async (payload, words) => {
    const { reply } = await press(payload);
    expect(reply).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(words));
  });

  it('says goodbye and then hands over on “agent”', async () => {
    const { reply, handOff } = await press('agent');
    expect(handOff).toHaveBeenCalledOnce();
    expect(reply).toHaveBeenCalledBefore(handOff);
  });

  it('shows the menu for a button it does not know', async () => {
    const { replyCarousel } = await press('a button of last year');
    expect(replyCarousel).toHaveBeenCalledExactlyOnceWith(menu);
  });

  it('knows every button of the menu', async () => {
    for (const { actions } of menu) {
      for (const action of actions) {
        const { replyCarousel } = await press(action.type === 'postback' ? action.payload : '');
        expect(replyCarousel, action.text).not.toHaveBeenCalled();
      }
    }
  });
});
