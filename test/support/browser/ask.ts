import { Agent, request, type IncomingMessage } from 'node:http';

export interface Answer {
  status: number;
  /** Not a whole `Headers`, which takes longer to fill than the answer to come. */
  headers: Pick<Headers, 'get' | 'has' | 'getSetCookie'>;
  text: string;
}

/** An idle connection is given up long before a server does it, unless the server ends. */
const agent = new Agent({ keepAlive: true, timeout: 1_000 });

/**
 * A request with the headers that are given, whose answer is not followed: of `fetch`, what a test needs, for
 * half of the processor time. As a browser does, it asks once more if the connection of an earlier request
 * turns out to be gone.
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
          headers: readHeaders(response),
          text,
        });
      });
    });
    asked.on('error', (error: NodeJS.ErrnoException) => {
      if (asked.reusedSocket && error.code === 'ECONNRESET') resolve(ask(url, init));
      else reject(error);
    });
    asked.end(body);
  });
}

function readHeaders({ headersDistinct: all }: IncomingMessage): Answer['headers'] {
  return {
    get: (name) => all[name.toLowerCase()]?.join(', ') ?? null,
    has: (name) => name.toLowerCase() in all,
    getSetCookie: () => all['set-cookie'] ?? [],
  };
}
