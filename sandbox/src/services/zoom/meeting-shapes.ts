import { z } from 'zod';
import type { MeetingToCreate } from './create-zoom-meetings.ts';
import { ZoomApiError } from './errors.ts';
import { zoomUsers } from './users.ts';
import type { ZoomMeeting } from './zoom-state.ts';

const SCHEDULED = 2;

/** Zoom ignores what it does not know. */
const bodySchema = z
  .object({
    topic: z.string().max(200).default('Zoom Meeting'),
    type: z
      .union([z.literal(1), z.literal(SCHEDULED), z.literal(3), z.literal(8)])
      .default(SCHEDULED),
    start_time: z
      .string()
      .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?$/)
      .optional(),
    duration: z.int().min(1).default(60),
    timezone: z.string().refine(isTimeZone).default('UTC'),
    agenda: z.string().max(2000).optional(),
    password: z
      .string()
      .regex(/^[\w@*-]{1,10}$/)
      .optional(),
    settings: z.record(z.string(), z.unknown()).default({}),
  })
  .transform(({ start_time: start, ...rest }, context) => {
    if (start === undefined) return rest;
    const startTime = toUtc(start.replace('Z', ''), start.endsWith('Z') ? 'UTC' : rest.timezone);
    if (startTime === undefined) {
      context.addIssue({ code: 'custom', path: ['start_time'], message: 'No such time' });
      return z.NEVER;
    }
    return { ...rest, startTime };
  });

/** Throws 400 with code 300 and one entry per wrong field. */
export function readMeetingBody(body: unknown): MeetingToCreate {
  const parsed = bodySchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({
    field: path.join('.'),
    message,
  }));
  throw new ZoomApiError(400, 300, 'Validation Failed.', { errors });
}

/**
 * The moment a wall clock in the time zone shows `local` (`2030-01-31T09:30:00`), as an ISO time;
 * undefined when there is no such time or zone.
 */
function toUtc(local: string, timeZone: string): string | undefined {
  const asIfUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asIfUtc) || !isTimeZone(timeZone)) return undefined;
  // Swedish writes dates as ISO does.
  const shown = new Date(asIfUtc).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
  return new Date(2 * asIfUtc - Date.parse(`${shown}Z`)).toISOString();
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

/** Zoom's times have no milliseconds. */
function trim(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}
