import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface LoadResult {
  acks: number;
  /** Anything that was not a 200. */
  refused: number;
  seconds: number;
  /** Milliseconds, sorted. */
  latencies: number[];
}

/**
 * Posts one body after the other on each of the connections until the time is up. Written on bare
 * sockets, because a client library costs more than some of the servers it would measure.
 */
export async function generateLoad(options: {
  port: number;
  connections: number;
  durationMs: number;
  next: () => { path: string; key: string; body: string };
}): Promise<LoadResult> {
  const latencies: number[] = [];
  let refused = 0;
  const started = performance.now();
  const until = started + options.durationMs;

  async function run(): Promise<void> {
    const socket = connect(options.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.setNoDelay(true);
    while (performance.now() < until) {
      const sent = performance.now();
      const status = await exchange(socket, options.next());
      if (status === 200) latencies.push(performance.now() - sent);
      else refused += 1;
    }
    socket.destroy();
  }

  await Promise.all(Array.from({ length: options.connections }, run));
  const seconds = (performance.now() - started) / 1000;
  const sorted = latencies.toSorted((left, right) => left - right);
  return { acks: latencies.length, refused, seconds, latencies: sorted };
}

/** One request, one answer with a Content-Length, on a connection that stays open. */
function exchange(
  socket: Socket,
  { path, key, body }: { path: string; key: string; body: string },
): Promise<number> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const read = (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      const headEnd = answer.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0);
      if (answer.length < headEnd + 4 + length) return;
      socket.off('data', read);
      socket.off('error', reject);
      resolve(Number(answer.slice(9, 12)));
    };
    socket.on('data', read);
    socket.once('error', reject);
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nX-API-Key: ${key}\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}
