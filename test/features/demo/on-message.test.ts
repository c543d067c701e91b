import { describe, expect, it } from 'vitest';
import { demoBot } from '../../../server/features/demo/bot.ts';
import type { Bot } from '../../../server/runtime/types.ts';
import { sampleBot as bot } from '../../support/sample-bot.ts';
import { fakeMessage } from '../../bot/fake-message.ts';
import { fakeTools } from '../../bot/fake-tools.ts';

const demo = demoBot(bot);

async function say(
  given: Parameters<typeof fakeMessage>[0],
  handlers: Pick<Bot, 'onMessage'> = demo,
) {
  const tools = fakeTools();
  await handlers.onMessage({ ...tools, message: fakeMessage(given) });
  return tools;
}
const seen = ({ reply, handOff }: Awaited<ReturnType<typeof say>>) =>
  [reply, handOff].map(({ mock }) => mock.calls);

describe('the demo’s onMessage', () => {
  it.each(['hi', 'Hello', ' START '])('greets a customer who says %j', async (text) => {
    const { reply } = await say(text);
    expect(reply).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Hello'), {
      buttons: [
        // In this order.
        expect.objectContaining({ text: 'Menu' }),
        expect.objectContaining({ text: 'Agent' }),
      ],
    });
  });

  it.each(['agent', 'Where is my parcel?', 'constructor', '__proto__', 'default', ''])(
    'leaves %j to on-message.ts',
    async (text) => {
      expect(seen(await say(text))).toEqual(seen(await say(text, bot)));
    },
  );

  it('hears what is said under a picture', async () => {
    const { handOff, reply } = await say({ type: 'other', kind: 'image', text: 'agent' });
    expect(handOff).toHaveBeenCalledOnce();
    expect(reply).not.toHaveBeenCalled();
  });

  it('leaves to on-message.ts what is no text', async () => {
    const tools = fakeTools();
    await demo.onMessage({ ...tools, message: fakeMessage({ type: 'other' }) });
    expect(tools.reply).toHaveBeenCalledExactlyOnceWith('I can only read text so far.');
  });
});
