import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

/** Runs a contestant in this process: says its port to the parent, and what it has used when asked. */
export async function serve(listener: RequestListener, hooks: unknown[] = []): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined, hooks });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicros: user + system, rssMb: process.memoryUsage.rss() / 1024 / 1024 });
  });
  process.on('disconnect', () => process.exit(0));
}
