import type { z } from 'zod';
import type { MeasureCall } from '../metrics/calls.ts';
import { ProviderError, readRefusal } from './provider-error.ts';

export type ApiCall = <Answer>(call: {
  operation: string;
  method: 'GET' | 'POST';
  url: string;
  accessToken: string;
  body?: unknown;
  answer: z.ZodType<Answer>;
}) => Promise<Answer>;

/**
 * Calls a provider's JSON API: a time-out, no redirects (the token goes nowhere else), answers checked
 * against a schema, failures as ProviderError.
 */
export function createApiCall({
  timeoutMs,
  measure,
}: {
  timeoutMs: number;
  measure: MeasureCall;
}): ApiCall {
  return async function call({ operation, method, url, accessToken, body, answer }) {
    const hasBody = body !== undefined;
    try {
      const response = await measure(operation, () =>
        fetch(url, {
          method,
          headers: {
            Authorization: `Bearer ${accessToken}`,
            Accept: 'application/json',
            ...(hasBody ? { 'Content-Type': 'application/json' } : {}),
          },
          ...(hasBody ? { body: JSON.stringify(body) } : {}),
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
        }),
      );
      if (!response.ok) throw await readRefusal(operation, response);
      return answer.parse(await response.json());
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      // Also a 2xx that is not the JSON we know: whether it took effect is open.
      throw new ProviderError(operation, { reason: 'no usable answer', cause: error });
    }
  };
}
