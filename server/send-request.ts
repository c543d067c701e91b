import { request as sendHttp, type IncomingMessage } from 'node:http';
import { request as sendHttps } from 'node:https';
import type { RemoteInit } from './remote-call.ts';

/** What a service answered, as far as anybody reads it; a `Response` is one. */
export interface RemoteAnswer {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Pick<Headers, 'get'>;
  text(): Promise<string>;
  /** For another reader of the same answer. */
  clone(): Pick<RemoteAnswer, 'text'>;
}

/** More than any JSON of an API; what is read is kept in memory. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
/** The name that `fetch` gives itself: some services refuse a caller without one. */
const USER_AGENT = 'node';

const utf8 = new TextDecoder();

/**
 * Sends a request whose body and answer are text, for a fifth of what `fetch` costs
 * (docs/decisions/0017). Resolves when the answer begins, as `fetch` does; redirects are not followed. A form
 * with a file goes through `fetch`, which knows how to divide it.
 */
export function sendRequest(url: string, init: RemoteInit): Promise<RemoteAnswer> {
  const { method, headers, body, signal } = init;
  if (body instanceof FormData) return fetch(url, init);
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const send = url.startsWith('https:') ? sendHttps : sendHttp;
    const options = { method, headers: { 'User-Agent': USER_AGENT, ...headers } };
    const request = send(url, options, (response) => resolve(openAnswer(response)));
    request.on('error', reject);
    if (signal) {
      // Ends the answer as well, wherever it is.
      const end = () => request.destroy(toError(signal.reason));
      signal.addEventListener('abort', end);
      // Whoever keeps the signal longer does not keep the request with it.
      request.on('close', () => signal.removeEventListener('abort', end));
    }
    request.end(body);
  });
}

function openAnswer(response: IncomingMessage): RemoteAnswer {
  const { statusCode: status = 0, headers } = response;
  const body = readText(response);
  // Whoever does not read it need not know that it was cut off.
  body.catch(() => {});
  const text = () => body;
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name) => headers[name.toLowerCase()]?.toString() ?? null },
    text,
    clone: () => ({ text }),
  };
}

function readText(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) response.destroy(new Error('The answer is too long.'));
      else chunks.push(chunk);
    });
    response.on('end', () => resolve(utf8.decode(Buffer.concat(chunks))));
    response.on('error', reject);
  });
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
