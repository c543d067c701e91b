import { zoomUsers } from './predefined-users.ts';
import type { ZoomMeeting } from './records.ts';

/** `facesUrl` is where the sandbox's Zoom pages are: its meetings take place nowhere else. */
export function showZoomMeeting(facesUrl: string, meeting: ZoomMeeting) {
  const { id, uuid, topic, type, duration, timezone, agenda, password, settings } = meeting;
  return {
    id,
    uuid,
    host_id: meeting.hostId,
    host_email: zoomUsers.find((user) => user.id === meeting.hostId)?.email,
    topic,
    type,
    status: 'waiting',
    ...(meeting.startTime !== undefined && { start_time: trim(meeting.startTime) }),
    duration,
    timezone,
    ...(agenda !== undefined && { agenda }),
    created_at: trim(meeting.createdAt),
    // Lets whoever has it start the meeting as the host.
    start_url: `${facesUrl}/s/${id}?zak=${encodeURIComponent(uuid)}`,
    join_url: `${facesUrl}/j/${id}?pwd=${encodeURIComponent(password)}`,
    password,
    settings,
  };
}

/** Zoom's times have no milliseconds. */
function trim(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}
