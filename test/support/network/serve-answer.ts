import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RemoteSend } from '../../../server/remote-call.ts';
import { sendRequest } from '../../../server/send-request.ts';
import { serve } from './serve.ts';

const closers: (() => void)[] = [];
/** After each test; files share this module. */
export function closeAnswers(): void {
  for (const close of closers.splice(0)) close();
}

/** A server that answers every request like this, and remembers them. */
export async function serveAnswer(
  answer: (response: ServerResponse, request: IncomingMessage) => void,
) {
  const seen: { method: string | undefined; headers: IncomingMessage['headers']; body: string }[] =
    [];
  const { url, close } = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      seen.push({ method: request.method, headers: request.headers, body });
      answer(response, request);
    });
  });
  closers.push(close);
  return { url, seen };
}

export const answerJson = (status: number, body: unknown, extra: Record<string, string> = {}) =>
  serveAnswer((response) => response.writeHead(status, extra).end(JSON.stringify(body)));

/** Both ways in which calls leave. */
export const transports: Record<string, RemoteSend> = {
  fetch: (_operation, url, init) => fetch(url, init),
  sendRequest: (_operation, url, init) => sendRequest(url, init),
};
