import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Passes connections on to another port. Those that are open can fall silent, while new ones work. */
export async function startTcpRelay(target: URL) {
  const open = new Set<Socket[]>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const pair = [near, far];
    open.add(pair);
    near.pipe(far);
    far.pipe(near);
    for (const socket of pair) {
      // The other side is told, unless it is to hear nothing.
      socket.on('error', () => {});
      socket.on('close', () => {
        if (open.delete(pair)) for (const other of pair) other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const frozen: Socket[] = [];
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = typeof address === 'object' ? String(address?.port) : '';

  return {
    url: url.href,
    /** Nothing more goes through what is open now, not even its end; as after a failover without a good-bye. */
    freeze(): void {
      for (const pair of open) {
        for (const socket of pair) {
          socket.unpipe();
          socket.pause();
        }
        frozen.push(...pair);
      }
      open.clear();
    },
    async close(): Promise<void> {
      for (const socket of [...frozen, ...[...open].flat()]) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
