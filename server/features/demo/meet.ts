import type { OnMessage } from '../../runtime/types.ts';

/** Makes a meeting with the account's Zoom, and is deleted together with the connections feature. */
export const meet: OnMessage = async ({ typing, connections, reply }) => {
  typing();
  const meeting = await connections.zoom.createMeeting({ topic: 'Talking to our shop' });
  return reply(meeting.ok ? `Join us here: ${meeting.joinUrl}` : meeting.problem);
};
