import { z } from 'zod';
import type { Refusal } from '../remote-error.ts';

/** Each member is read on its own: one that is null, empty or of another kind takes no other with it. */
export const orAbsent = <Schema extends z.ZodType>(schema: Schema) =>
  schema.optional().catch(undefined);

const text = z.string().min(1);
const list = z.array(z.string()).nonempty();
const words = orAbsent(z.union([text, list.transform((all) => all.join('; '))]));
const code = orAbsent(z.union([text, z.number()]).transform(String));
const Body = z.looseObject({
  error: orAbsent(z.union([text, z.looseObject({ code, message: words })])),
  code,
  reason: words,
  error_description: words,
  message: words,
});

/** The status once more, as a gateway's JSON has it: not what the service behind it calls a refusal. */
const STATUS = /^40[13]$/;

/** RFC 6749 §5.2, 6750 §3.1 and 7009 §2.2.1: all their codes are of two words or more. */
const OAUTH_CODE = /^[a-z]+(_[a-z]+)+$/;

/**
 * How OAuth servers and the APIs behind them word a refusal: `{error, error_description}`, Zoom's
 * `{reason, error}` and `{code, message}`, or `{error: {code, message}}`. A proxy's page of JSON has no code,
 * `{"message": "Forbidden"}`, or the status in its place, `{"error": "Forbidden"}`, `{"code": 403, "message": "…"}`.
 */
export function readOAuthForm(body: unknown): Refusal | undefined {
  const { data } = Body.safeParse(body);
  if (data === undefined) return undefined;
  const { error, error_description: description } = data;
  const inside = typeof error === 'object' ? error : undefined;
  const reason = data.reason ?? description ?? data.message ?? inside?.message;
  const given = data.code ?? inside?.code;
  const number = given !== undefined && STATUS.test(given) ? undefined : given;
  if (number !== undefined && ('message' in (inside ?? data) || OAUTH_CODE.test(number)))
    return { code: number, reason };
  if (typeof error !== 'string') return undefined;
  const isOwn = OAUTH_CODE.test(error) || data.reason !== undefined || description !== undefined;
  return isOwn ? { code: error, reason } : undefined;
}
