import { z } from 'zod';
import type { MeetingToCreate } from './create-zoom-meetings.ts';
import { isTimeZone, toUtc } from './to-utc.ts';
import { ZoomApiError } from './zoom-errors.ts';

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
