import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

const MB = 1024 * 1024;

/**
 * Runs a contestant in this process: says its port to the parent, what it has used when asked, and
 * tidies up between rounds.
 */
export async function serve(
  listener: RequestListener,
  {
    hooks = [],
    page,
    tidyUp = async () => {},
    port = 0,
  }: {
    hooks?: unknown[];
    page?: { path: string; cookies: string[] };
    tidyUp?: () => Promise<void>;
    port?: number;
  } = {},
): Promise<void> {
  // With Node's 5 s the connection of a customer who waits longer would be closed under his next message.
  const server = createServer({ keepAliveTimeout: 600_000 }, listener).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined, hooks, page });
  process.on('message', (message) => void answer(message));
  async function answer(message: unknown): Promise<void> {
    if (message === 'tidy up') await tidyUp();
    // With --expose-gc: what is reachable.
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    process.send?.({ cpuMicros: user + system, rssMb: rss / MB, heapMb: heapUsed / MB });
  }
  process.on('disconnect', () => process.exit(0));
}
