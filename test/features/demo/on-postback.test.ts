import { describe, expect, it } from 'vitest';
import { sampleBot as bot } from '../../support/sample-bot.ts';
import { answerCards } from '../../../server/features/demo/on-postback.ts';
import { fakeTools } from '../../bot/fake-tools.ts';

async function press(payload: string) {
  const tools = fakeTools();
  await answerCards(bot.onPostback)({ ...tools, payload, metadata: {} });
  return tools;
}

describe('the demo’s onPostback', () => {
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

  it('leaves a button it does not know to on-postback.ts', async () => {
    const { reply } = await press('a button of last year');
    expect(reply).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('an older menu'));
  });

  it('says nothing to it when there is none', async () => {
    const tools = fakeTools();
    const pressed = { payload: 'a button of last year', metadata: {} };
    await answerCards(undefined)({ ...tools, ...pressed });
    expect(tools.reply).not.toHaveBeenCalled();
  });
});
