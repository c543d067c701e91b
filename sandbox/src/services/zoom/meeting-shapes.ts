import { z } from 'zod';
import type { MeetingToCreate } from './create-zoom-meetings.ts';
import { ZoomApiError } from './errors.ts';
import { zoomUsers } from './users.ts';
import type { ZoomMeeting } from './zoom-state.ts';

/** A time is set. */
const SCHEDULED = 2;

/** Zoom ignores what it does not know. */
const changesSchema = z.object({
  topic: z.string().max(200).exactOptional(),
  type: z.union([z.literal(1), z.literal(SCHEDULED), z.literal(3), z.literal(8)]).exactOptional(),
  start_time: z.iso
    .datetime({ local: true, precision: 0, abort: true })
    // The year 1 stands for no time at all where a program's clock begins with it.
    .regex(/^[12]/, 'No such time')
    .exactOptional(),
  duration: z.int().min(1).exactOptional(),
  timezone: z.string().refine(isTimeZone).exactOptional(),
  agenda: z.string().max(2000).exactOptional(),
  password: z
    .string()
    .regex(/^[\w@*-]{1,10}$/)
    .exactOptional(),
  settings: z.record(z.string(), z.unknown()).exactOptional(),
});

/** What a meeting is when nothing is said of it. */
const DEFAULTS = {
  topic: 'Zoom Meeting',
  type: SCHEDULED,
  duration: 60,
  timezone: 'UTC',
  settings: {},
} as const;

/** Throws 400 with code 300 and one entry per wrong field. */
export function readMeetingBody(body: unknown): MeetingToCreate {
  const { start_time: start, ...rest } = readFields(body);
  const meeting = { ...DEFAULTS, ...rest };
  return { ...meeting, ...readStart(start, meeting.timezone) };
}

/** As `readMeetingBody`, of what is to be changed. `timezone` is the meeting's so far. */
export function readMeetingChanges(
  body: unknown,
  { timezone }: Pick<ZoomMeeting, 'timezone'>,
): Partial<MeetingToCreate> {
  const { start_time: start, ...rest } = readFields(body);
  return { ...rest, ...readStart(start, rest.timezone ?? timezone) };
}

function readFields(body: unknown): z.infer<typeof changesSchema> {
  const parsed = changesSchema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({
    field: path.join('.'),
    message,
  }));
  throw new ZoomApiError(400, 300, 'Validation Failed.', { errors: problems });
}

/** A start without Z is on the clock of the time zone. */
function readStart(start: string | undefined, timezone: string): { startTime?: string } {
  if (start === undefined) return {};
  const startTime = toUtc(start.replace('Z', ''), start.endsWith('Z') ? 'UTC' : timezone);
  return { startTime };
}

/** The moment a wall clock in the time zone shows `local` (`2030-01-31T09:30:00`), as an ISO time. */
function toUtc(local: string, timeZone: string): string {
  const asIfUtc = Date.parse(`${local}Z`);
  const missedBy = (moment: number) => {
    // Swedish writes dates as ISO does.
    const shown = new Date(moment).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
    return Date.parse(`${shown}Z`) - asIfUtc;
  };
  const guess = asIfUtc - missedBy(asIfUtc);
  // Once more: between the two the clocks may have been put forward or back.
  return new Date(guess - missedBy(guess)).toISOString();
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
}

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

/** As a list shows it: without what only its host should have. */
export function showZoomMeetingInList(facesUrl: string, meeting: ZoomMeeting) {
  const {
    start_url: _start,
    password: _password,
    settings: _settings,
    ...rest
  } = showZoomMeeting(facesUrl, meeting);
  const { host_email: _email, status: _status, ...listed } = rest;
  return listed;
}

/** The text to send to guests, in Zoom's words. Zoom has telephone numbers in it, the sandbox has none. */
export function showInvitation(facesUrl: string, meeting: ZoomMeeting) {
  const { join_url: joinUrl, topic, password, timezone } = showZoomMeeting(facesUrl, meeting);
  const host = zoomUsers.find((user) => user.id === meeting.hostId);
  const digits = String(meeting.id).replace(/^(\d{3})(\d{4})(\d+)$/, '$1 $2 $3');
  const when = meeting.startTime && `Time: ${showClock(meeting.startTime, timezone)} ${timezone}`;
  const lines = [
    `${host ? `${host.firstName} ${host.lastName}` : 'Somebody'} is inviting you to a scheduled Zoom meeting.`,
    '',
    `Topic: ${topic}`,
    ...(when === undefined ? [] : [when]),
    '',
    'Join Zoom Meeting',
    joinUrl,
    '',
    `Meeting ID: ${digits}`,
    `Passcode: ${password}`,
    '',
  ];
  return { invitation: lines.join('\r\n'), sip_links: [] };
}

function showClock(time: string, timeZone: string): string {
  const parts = { dateStyle: 'medium', timeStyle: 'short', timeZone } as const;
  return new Intl.DateTimeFormat('en-US', parts).format(new Date(time));
}

/** Zoom's times have no milliseconds. */
function trim(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}
