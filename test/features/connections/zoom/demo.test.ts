import { describe, expect, it } from 'vitest';
import { sampleBot as bot } from '../../../support/sample-bot.ts';
import { demoBot } from '../../../../server/features/demo/bot.ts';
import { fakeMessage } from '../../../bot/fake-message.ts';
import { fakeTools } from '../../../bot/fake-tools.ts';
import { fakeConnections } from '../support/fake-connections.ts';

type Meeting = { ok: true; joinUrl: string } | { ok: false; problem: string };

async function meet(word: string, meeting: Meeting) {
  const zoom = { createMeeting: async () => meeting };
  const tools = fakeTools({ connections: fakeConnections({ zoom }) });
  await demoBot(bot).onMessage({ ...tools, message: fakeMessage(word) });
  return tools.reply;
}

describe('the demo bot', () => {
  it('answers “meet” with the link of a meeting', async () => {
    const joinUrl = 'https://zoom.example/j/1';
    const reply = await meet('Meet', { ok: true, joinUrl });
    expect(reply).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(joinUrl));
  });

  it('answers “meet” with what is wrong when there can be no meeting', async () => {
    const problem = 'Zoom is not connected yet.';
    const reply = await meet('meet', { ok: false, problem });
    expect(reply).toHaveBeenCalledExactlyOnceWith(problem);
  });
});
