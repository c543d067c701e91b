import type { z } from 'zod';
import { ApiError } from '../platform/api-error.ts';

/** Throws 400 with one title per problem, worded like `.content.text: should not be longer …`. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const titles = parsed.error.issues.map(
    (issue) => `${issue.path.map((key) => `.${String(key)}`).join('')}: ${issue.message}`,
  );
  throw new ApiError(400, 'bad_request', ...titles);
}
