import { z } from 'zod';
import { parseJson } from '../parse-json.ts';
import { ZendeskError } from './zendesk-error.ts';

/** `fetch`, told which operation of Zendesk's API it is for. */
export type ZendeskFetch = (
  operation: string,
  url: string,
  init: RequestInit & { method: string; headers: Record<string, string>; body?: string },
) => Promise<Response>;

export interface ZendeskCall<Answer> {
  /** The operation as the OpenAPI document names it. */
  operation: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  url: string;
  token: string;
  body?: unknown;
  answer: z.ZodType<Answer>;
}

export type ZendeskRequest = <Answer>(call: ZendeskCall<Answer>) => Promise<Answer>;

/** A call within one app: the path is relative to `/v2/apps/{appId}`. */
export type AppCall = <Answer>(
  call: Omit<ZendeskCall<Answer>, 'url' | 'token'> & { path: string },
) => Promise<Answer>;

const ErrorBody = z.object({
  errors: z.array(z.object({ code: z.string().optional(), title: z.string().optional() })).min(1),
});

/**
 * Makes the one door through which API calls leave for Zendesk: marketplace headers on each, a
 * time-out, answers checked against a schema, failures as ZendeskError. Redirects are not followed,
 * so neither the token nor the headers reach another host.
 */
export function createZendeskRequest(options: {
  headers: Record<string, string>;
  timeoutMs: number;
  fetch: ZendeskFetch;
}): ZendeskRequest {
  return async function request({ operation, method, url, token, body, answer }) {
    const hasBody = body !== undefined;
    const headers = {
      ...options.headers,
      Authorization: `Bearer ${token}`,
      Accept: 'application/json',
      ...(hasBody ? { 'Content-Type': 'application/json' } : {}),
    };
    let status: number | undefined;
    // Not AbortSignal.timeout: at full rate its signals, kept until their time is over, fill the memory.
    const tooLong = new AbortController();
    const timer = setTimeout(() => tooLong.abort(), options.timeoutMs);
    try {
      const response = await options.fetch(operation, url, {
        method,
        headers,
        ...(hasBody ? { body: JSON.stringify(body) } : {}),
        redirect: 'manual',
        signal: tooLong.signal,
      });
      status = response.status;
      const text = await response.text();
      if (!response.ok) throw refused(operation, response, text);
      return answer.parse(JSON.parse(text));
    } catch (error) {
      if (error instanceof ZendeskError) throw error;
      throw unusable(operation, status, error);
    } finally {
      clearTimeout(timer);
    }
  };
}

/**
 * No complete answer, or a 2xx that is not the JSON we know (a proxy's HTML page, say). Both leave open
 * whether the call took effect, so both count as "no answer" and may be tried again.
 */
function unusable(operation: string, status: number | undefined, cause: unknown): ZendeskError {
  const title = status === undefined ? 'network error or time-out' : `status ${status}, unreadable`;
  return new ZendeskError(operation, { title, cause });
}

function refused(operation: string, response: Response, text: string): ZendeskError {
  const first = ErrorBody.safeParse(parseJson(text)).data?.errors[0];
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'));
  return new ZendeskError(operation, {
    status: response.status,
    ...(first?.code === undefined ? {} : { code: first.code }),
    ...(first?.title === undefined ? {} : { title: first.title }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Retry-After in seconds or as a date, in milliseconds from now. */
export function parseRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
