import { request as sendHttp } from 'node:http';
import { request as sendHttps } from 'node:https';

interface Call {
  method: 'POST' | 'HEAD';
  headers?: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

export interface BotAnswer {
  status: number;
  body: string;
}

/** A receiver that takes longer has not answered. From the platform's retry policy. */
export const ANSWER_TIMEOUT_MS = 20_000;

/**
 * The answer, or null when there was none before the signal aborted. Redirects are not followed.
 * @param call.body JSON, sent byte for byte.
 */
export function postJson({ url, headers, ...call }: Omit<Call, 'method'> & { url: string }) {
  const type = { 'Content-Type': 'application/json' };
  return callBot(url, { ...call, method: 'POST', headers: { ...type, ...headers } });
}

/** The same with any method. For a fifth of what `fetch` costs, and there is a call for every event. */
export async function callBot(url: string, { body, ...call }: Call): Promise<BotAnswer | null> {
  try {
    const target = new URL(url);
    return await new Promise((resolve, reject) => {
      const send = target.protocol === 'https:' ? sendHttps : sendHttp;
      const request = send(target, call, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      });
      request.on('error', reject).end(body);
    });
  } catch {
    return null;
  }
}
