import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { onMessage } from '../../server/bot/on-message.ts';
import { fakeMessage } from './fake-message.ts';
import { fakeTools } from './fake-tools.ts';

async function say(text: string) {
  const tools = fakeTools();
  await onMessage({ ...tools, message: fakeMessage(text) });
  return tools;
}

describe('onMessage', () => {
  it.each(['agent', 'Agent'])('hands over on %j', async (text) => {
    const { reply, handOff } = await say(text);
    expect(handOff).toHaveBeenCalledExactlyOnceWith({ reason: expect.stringContaining('person') });
    expect(reply).not.toHaveBeenCalled();
  });

  it('quotes everything else, and offers a button whose word it understands', async () => {
    const { reply, handOff } = await say('Where is my parcel?');
    expect(reply).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Where is my parcel?'), {
      buttons: [{ text: 'Agent', payload: 'agent' }],
    });
    expect(handOff).not.toHaveBeenCalled();
  });

  it('says so when it cannot read what was sent', async () => {
    const tools = fakeTools();
    await onMessage({ ...tools, message: fakeMessage({ type: 'other' }) });
    expect(tools.reply).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('only read text'));
  });

  it('is what the README shows, to the letter', () => {
    const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    const file = read('server/bot/on-message.ts');
    expect(read('README.md')).toContain(`\`\`\`ts\n${file}\`\`\`\n`);
    expect(file.trim().split('\n').length).toBeLessThanOrEqual(10);
  });
});
