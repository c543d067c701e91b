import { z } from 'zod';
import type { RemoteFetch } from '../../../../remote-call.ts';
import { readDate } from '../../../../remote-error.ts';

const IsoTime = z.iso.datetime({ offset: true });

/**
 * Says in seconds how long to wait, as every call reads it: Zoom's daily limits send an ISO 8601 time in
 * Retry-After, its limits per second `X-RateLimit-Reset` in Unix seconds (Zoom, rate limits).
 */
export const withRetryAfter =
  (fetch: RemoteFetch): RemoteFetch =>
  async (operation, url, init) => {
    const response = await fetch(operation, url, init);
    const until = response.ok ? undefined : readEnd(response.headers);
    if (until === undefined) return response;
    const headers = new Headers(response.headers);
    headers.set('Retry-After', String(Math.max(0, Math.ceil((until - Date.now()) / 1000))));
    const { status, statusText, body } = response;
    return new Response(body, { status, statusText, headers });
  };

/** In epoch milliseconds; undefined for what says it in a way that everybody does, or not at all. */
function readEnd(headers: Headers): number | undefined {
  const value = headers.get('retry-after') ?? '';
  if (/^\d+(\.\d+)?$/.test(value) || readDate(value) !== undefined) return undefined;
  // `new Date` alone would make a day in March of the 30th of February.
  if (IsoTime.safeParse(value).success) return new Date(value).getTime();
  const reset = headers.get('x-ratelimit-reset') ?? '';
  return /^\d+$/.test(reset) ? Number(reset) * 1000 : undefined;
}
