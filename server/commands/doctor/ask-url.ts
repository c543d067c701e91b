import { codeOf } from '../../errors.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** A request that got no answer; the message completes "https://bot.example.com …". */
export class NoAnswerError extends Error {}

const REASONS: Record<string, string> = {
  ENOTFOUND: 'has a name that does not exist',
  EAI_AGAIN: 'has a name that cannot be looked up at the moment',
  ECONNREFUSED: 'refuses the connection: nothing listens there',
  ECONNRESET: 'cuts the connection',
  UND_ERR_SOCKET: 'cuts the connection',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a certificate that it signed itself',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate without its intermediate certificates',
};

/**
 * Asks without following redirects.
 * @throws NoAnswerError, also when headers or body take longer than the time-out.
 */
export async function askUrl(
  url: string,
  options: {
    timeoutMs: number;
    method?: 'HEAD' | 'POST';
    headers?: Record<string, string>;
    body?: string;
  },
): Promise<Answer> {
  const { timeoutMs, ...rest } = options;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { ...rest, redirect: 'manual', signal });
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
    };
  } catch (error) {
    throw new NoAnswerError(explain(error, timeoutMs), { cause: error });
  }
}

function explain(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `gives no answer within ${timeoutMs / 1000} s`;
  const code = codeOf(error) ?? codeOf(error instanceof Error ? error.cause : undefined);
  return REASONS[code ?? ''] ?? `cannot be reached (${code ?? 'unknown reason'})`;
}
