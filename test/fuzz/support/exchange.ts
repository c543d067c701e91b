import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Exchange {
  /** Everything the server sent, one character per byte. */
  received: string;
  statuses: number[];
  /** False when the server still had the connection open after the limit. */
  closed: boolean;
}

const LIMIT_MS = 5_000;

/**
 * Sends these bytes on a connection of their own, as they are, and takes what comes until the server
 * closes it. `dripMs` is the pause between the pieces; `hangUp` drops the connection after the last.
 */
export async function exchange(
  port: number,
  pieces: readonly (string | Buffer)[],
  { dripMs = 0, hangUp = false }: { dripMs?: number; hangUp?: boolean } = {},
): Promise<Exchange> {
  const socket = connect(port, 'localhost');
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString('latin1')));
  // A reset is a way of closing, too.
  socket.on('error', () => {});
  const closed = new Promise<true>((resolve) => {
    socket.once('close', () => resolve(true));
  });
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
    if (dripMs > 0) await Promise.race([sleep(dripMs), closed]);
  }
  if (hangUp) socket.destroySoon();
  const outcome = await Promise.race([closed, sleep(LIMIT_MS, false, { ref: false })]);
  socket.destroy();
  const statuses = [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) =>
    Number(status),
  );
  return { received, statuses, closed: outcome };
}

/** A request as text; the server is asked to close the connection after it. */
export function writeRequest(request: {
  method: string;
  target: string;
  headers?: readonly string[];
  body?: Buffer | undefined;
}): Buffer {
  const { method, target, headers = [], body } = request;
  const length = body === undefined ? [] : [`Content-Length: ${body.length}`];
  const head = [
    `${method} ${target} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    ...headers,
    ...length,
    '',
    '',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), body ?? Buffer.alloc(0)]);
}
