import { once } from 'node:events';
import { connect } from 'node:net';

export interface LoadResult {
  acks: number;
  /** Anything that was not a 200. */
  refused: number;
  seconds: number;
  /** In milliseconds. */
  latencies: number[];
}

/**
 * Posts one body after the other on each of the connections until the time is up. Written on bare
 * sockets, because a client library costs more than some of the servers it would measure.
 */
export async function generateLoad(options: {
  connections: readonly Connection[];
  durationMs: number;
  next: () => { path: string; key: string; body: string };
}): Promise<LoadResult> {
  const latencies: number[] = [];
  let refused = 0;
  const started = performance.now();
  const until = started + options.durationMs;

  async function run(connection: Connection): Promise<void> {
    while (performance.now() < until) {
      const sent = performance.now();
      const status = await connection.post(options.next());
      if (status === 200) latencies.push(performance.now() - sent);
      else refused += 1;
    }
  }

  await Promise.all(options.connections.map(run));
  const seconds = (performance.now() - started) / 1000;
  return { acks: latencies.length, refused, seconds, latencies };
}

/** `length` is that of the body, in bytes. */
interface Answer {
  status: number;
  length: number;
}

export type Connection = Awaited<ReturnType<typeof openConnection>>;

/**
 * A connection that stays open. Requests are written at once, also while one is under way; answers, which
 * have a Content-Length, come in their order.
 */
export async function openConnection(port: number) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.setNoDelay(true);
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    for (;;) {
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      const end = headEnd + 4 + length;
      if (received.length < end) return;
      const status = Number(received.slice(9, 12));
      received = received.slice(end);
      waiting.shift()?.resolve({ status, length });
    }
  });
  // The other side may close it without an error, and then no answer comes.
  let ended: Error | undefined;
  function giveUp(error: Error): void {
    ended = error;
    for (const { reject } of waiting.splice(0)) reject(error);
  }
  socket.on('error', giveUp);
  socket.on('close', () => giveUp(ended ?? new Error('The server closed the connection.')));
  const send = (request: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      waiting.push({ resolve, reject });
      socket.write(request);
    });
  return {
    /** Returns the status. */
    async post({ path, key, body }: { path: string; key: string; body: string }): Promise<number> {
      const answer = await send(
        `POST ${path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nX-API-Key: ${key}\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      return answer.status;
    },
    get: (path: string, cookie: string): Promise<Answer> =>
      send(`GET ${path} HTTP/1.1\r\nHost: bench\r\nCookie: ${cookie}\r\n\r\n`),
    close: () => void socket.destroy(),
  };
}
