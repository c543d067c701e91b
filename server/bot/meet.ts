import type { Tools } from '../runtime/types.ts';

/** Answers with the link of a meeting that begins now, or with what is missing for one. */
export async function meet({ typing, reply, connections }: Tools): Promise<void> {
  typing();
  const meeting = await connections.zoom.createMeeting({ topic: 'Talking to our shop' });
  return reply(meeting.ok ? `Join us here: ${meeting.joinUrl}` : meeting.problem);
}
