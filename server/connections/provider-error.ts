import { z } from 'zod';
import { parseJson } from '../parse-json.ts';
import { replaceNul } from '../store/column-text.ts';
import { parseRetryAfter } from '../zendesk/request.ts';

/** How token endpoints and APIs word a refusal: RFC 6749 §5.2, or Zoom's two ways. */
const ErrorBody = z.looseObject({
  error: z.string().optional(),
  code: z.union([z.string(), z.number()]).optional(),
  reason: z.string().optional(),
  error_description: z.string().optional(),
  message: z.string().optional(),
});

const MAX_REASON_LENGTH = 300;

/** A call to a provider that did not succeed. Never carries a token or a request. */
export class ProviderError extends Error {
  readonly operation: string;
  /** HTTP status; undefined when no complete answer arrived. */
  readonly status: number | undefined;
  /** `invalid_grant`, for example, or an API's own number. */
  readonly code: string | undefined;
  /** The provider's own words. */
  readonly reason: string | undefined;
  /** What the answer asks us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    operation: string,
    failure: {
      status?: number | undefined;
      code?: string | undefined;
      reason?: string | undefined;
      retryAfterMs?: number | undefined;
      /** What the provider's support asks for. */
      traceId?: string | undefined;
      cause?: unknown;
    },
  ) {
    const { status, code, reason, traceId } = failure;
    const what = status === undefined ? 'no answer' : `status ${status}`;
    const details = [code, reason, traceId && `trace ${traceId}`].filter(Boolean).join(', ');
    super(`${operation}: ${what}${details && ` (${details})`}`, { cause: failure.cause });
    this.name = 'ProviderError';
    this.operation = operation;
    this.status = status;
    this.code = code;
    this.reason = reason;
    this.retryAfterMs = failure.retryAfterMs;
  }
}

/** Turns an answer that is not 2xx into an error. */
export async function readRefusal(operation: string, response: Response): Promise<ProviderError> {
  const text = await response.text().catch(() => '');
  const body = ErrorBody.safeParse(parseJson(text)).data;
  const code = body?.code ?? body?.error;
  const words = body?.reason ?? body?.error_description ?? body?.message;
  return new ProviderError(operation, {
    status: response.status,
    code: code === undefined ? undefined : String(code),
    reason: words && replaceNul(words).slice(0, MAX_REASON_LENGTH),
    retryAfterMs: readRetryAfter(response.headers),
    traceId: response.headers.get('x-zm-trackingid') ?? undefined,
  });
}

/**
 * Retry-After in seconds or as a date: Zoom's daily limits send an ISO 8601 time, its limits per second
 * `X-RateLimit-Reset` in Unix seconds (Zoom, rate limits).
 */
function readRetryAfter(headers: Headers): number | undefined {
  const reset = headers.get('x-ratelimit-reset');
  if (headers.has('retry-after') || reset === null || !/^\d+$/.test(reset))
    return parseRetryAfter(headers.get('retry-after'));
  return Math.max(0, Number(reset) * 1000 - Date.now());
}
