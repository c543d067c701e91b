import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

/**
 * Runs a contestant in this process: says its port to the parent, what it has used when asked, and
 * tidies up between rounds.
 */
export async function serve(
  listener: RequestListener,
  { hooks = [], tidyUp = async () => {} }: { hooks?: unknown[]; tidyUp?: () => Promise<void> } = {},
): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined, hooks });
  process.on('message', (message) => void answer(message));
  async function answer(message: unknown): Promise<void> {
    if (message === 'tidy up') await tidyUp();
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicros: user + system, rssMb: process.memoryUsage.rss() / 1024 / 1024 });
  }
  process.on('disconnect', () => process.exit(0));
}
