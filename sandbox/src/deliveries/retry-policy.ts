/** Waits before attempts two to five: doubling, and together the documented 15 minutes. */
const RETRY_DELAYS_MS = [60_000, 120_000, 240_000, 480_000];

/** The receiver has decided; trying again would not change its mind. From the platform's retry policy. */
const FINAL_STATUSES = new Set([400, 401, 403, 404, 406]);

/**
 * How long to wait before the next attempt, in milliseconds; undefined when there is none.
 * `status` is the last attempt's (null: no answer), `attempts` how many were made.
 */
export function nextRetryDelay(status: number | null, attempts: number): number | undefined {
  if (status !== null && ((status >= 200 && status < 300) || FINAL_STATUSES.has(status))) {
    return undefined;
  }
  return RETRY_DELAYS_MS[attempts - 1];
}
