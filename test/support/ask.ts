import { Agent, request } from 'node:http';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** An idle connection is given up long before a server does it, or one of the two would speak to nobody. */
const agent = new Agent({ keepAlive: true, timeout: 1_000 });

/**
 * A request with the headers that are given, whose answer is not followed: of `fetch`, what a test needs, for
 * half of the processor time.
 */
export function ask(
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { body, ...options } = init;
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', reject).on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: readHeaders(response.rawHeaders),
          text,
        });
      });
    });
    asked.on('error', reject).end(body);
  });
}

/** Names and values by turns. */
function readHeaders(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let at = 0; at < raw.length; at += 2) headers.append(raw[at] ?? '', raw[at + 1] ?? '');
  return headers;
}
