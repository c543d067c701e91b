import { cutText, replaceNul } from './text.ts';
import { parseJson } from './parse-json.ts';
import type { RemoteAnswer } from './send-request.ts';

/** A service's own words about a refusal. */
export interface Refusal {
  /** `locked` or `invalid_grant`, for example, or an API's own number. */
  code?: string | undefined;
  /** A sentence. */
  reason?: string | undefined;
}

/** Reads the error form of one service; undefined for what a firewall, a proxy or a login page in between says. */
export type ReadForm = (body: unknown) => Refusal | undefined;

const MAX_REASON_LENGTH = 300;
/** The longest wait a service has a reason to ask for: the limits of a day. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

/** A call to another service that did not succeed. Never carries the token or the request. */
export class RemoteError extends Error {
  /** The operation as the service's documentation names it, for example `PostMessage`. */
  readonly operation: string;
  /**
   * The HTTP status of an answer in the service's own form. Undefined when there was none: the network
   * failed, time ran out, or something in between answered, whose status means nothing here.
   */
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly reason: string | undefined;
  /** What the answer asks us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** No such host, a redirect, nothing found there: the address may not be the service's any more. */
  readonly isMisdirected: boolean;

  constructor(
    operation: string,
    failure: Refusal & {
      status?: number | undefined;
      retryAfterMs?: number | undefined;
      isMisdirected?: boolean;
      /** What the service's support asks for. */
      traceId?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    const { status, code, traceId } = failure;
    const reason = failure.reason && cutText(replaceNul(failure.reason), MAX_REASON_LENGTH);
    const what = status === undefined ? 'no answer' : `status ${status}`;
    const details = [code, reason, traceId && `trace ${traceId}`].filter(Boolean).join(', ');
    super(`${operation}: ${what}${details && ` (${details})`}`, { cause: failure.cause });
    this.name = 'RemoteError';
    this.operation = operation;
    this.status = status;
    this.code = code;
    this.reason = reason;
    this.retryAfterMs = failure.retryAfterMs;
    this.isMisdirected = failure.isMisdirected ?? false;
  }
}

/**
 * Judges an answer that is not 2xx: only one in the service's own form gets a status. Of what was `sent` no
 * secret stands in the error, should the service repeat it.
 */
export async function readRefusal(
  operation: string,
  response: RemoteAnswer,
  { readForm, sent }: { readForm: ReadForm; sent: readonly string[] },
): Promise<RemoteError> {
  const { status, headers } = response;
  const retryAfterMs = readRetryAfter(headers);
  const isRedirect = status >= 300 && status < 400;
  const isMisdirected = isRedirect || status === 404 || status === 410;
  const text = await response.text().catch(() => '');
  const refusal = isRedirect ? undefined : readForm(parseJson(text));
  if (refusal !== undefined) {
    const traceId = headers.get('x-zm-trackingid') ?? undefined;
    const words = concealSent(refusal, sent);
    return new RemoteError(operation, { ...words, status, retryAfterMs, traceId });
  }
  const type = headers.get('content-type')?.split(';')[0] ?? 'no content type';
  const reason = `status ${status} and ${type}, not in the service’s form`;
  return new RemoteError(operation, { reason, retryAfterMs, isMisdirected });
}

/** A shorter secret is a word that codes are made of, as in `invalid_token`, and an error is judged by its code. */
const LONGER_THAN_WORDS = 12;

/** A service's words without the secrets in them. */
export function concealSent({ code, reason }: Refusal, secrets: readonly string[]): Refusal {
  const conceal = (text: string | undefined, some: readonly string[]) =>
    some.reduce((left, secret) => left?.replaceAll(secret, '…'), text);
  const long = secrets.filter(({ length }) => length >= LONGER_THAN_WORDS);
  return { code: conceal(code, long), reason: conceal(reason, secrets) };
}

/** Retry-After (RFC 9110 §10.2.3) in milliseconds from now; undefined for what is neither seconds nor a date. */
function readRetryAfter(headers: RemoteAnswer['headers']): number | undefined {
  const value = headers.get('retry-after') ?? '';
  if (/^\d+(\.\d+)?$/.test(value)) return clampWait(Number(value) * 1000);
  const until = readDate(value);
  return until === undefined ? undefined : clampWait(until - Date.now());
}

/** An IMF-fixdate (RFC 9110 §5.6.7), in epoch milliseconds; `new Date` alone would read the 30th of February. */
export function readDate(value: string): number | undefined {
  const time = new Date(value);
  return Number.isNaN(time.getTime()) || time.toUTCString() !== value ? undefined : time.getTime();
}

function clampWait(ms: number): number {
  return Math.min(Math.max(0, Math.ceil(ms)), LONGEST_WAIT_MS);
}

/** The service itself says that the token is no longer good. 403 does not: it is about one request. */
export function isTokenRejected(error: unknown): boolean {
  return error instanceof RemoteError && error.status === 401;
}

/** The service itself says that there is no such thing, or not any more. */
export function isGone(error: unknown): boolean {
  return error instanceof RemoteError && (error.status === 404 || error.status === 410);
}

/**
 * Worth another attempt: no answer, 408, 429 and 5xx. Everything else will be the same next time;
 * 423 is Zendesk's permanent 30 000-message lock (OpenAPI PostMessage).
 */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof RemoteError)) return false;
  const { status } = error;
  return status === undefined || status === 408 || status === 429 || status >= 500;
}
