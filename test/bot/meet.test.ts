import { describe, expect, it } from 'vitest';
import { onMessage } from '../../server/bot/on-message.ts';
import { fakeTools } from './fake-tools.ts';

describe('onMessage', () => {
  it('answers “meet” with the link of a meeting', async () => {
    const tools = fakeTools();
    const joinUrl = 'https://zoom.example/j/1';
    tools.connections.zoom.createMeeting.mockResolvedValue({ ok: true, joinUrl });
    await onMessage({ ...tools, message: { type: 'text', text: 'Meet', payload: undefined } });
    expect(tools.reply).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(joinUrl));
  });

  it('answers “meet” with what is wrong when there can be no meeting', async () => {
    const tools = fakeTools();
    const problem = 'Zoom is not connected yet.';
    tools.connections.zoom.createMeeting.mockResolvedValue({ ok: false, problem });
    await onMessage({ ...tools, message: { type: 'text', text: 'meet', payload: undefined } });
    expect(tools.reply).toHaveBeenCalledExactlyOnceWith(problem);
  });
});
