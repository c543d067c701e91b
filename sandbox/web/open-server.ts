import { once } from 'node:events';
import { createServer } from 'node:http';

/** Longer than any proxy keeps an idle connection (Envoy: an hour): the sender has to close first. */
const KEEP_ALIVE_MS = 3_620_000;

/** Listens on the port (0: any free one) and nobody answers yet. A busy port rejects with EADDRINUSE. */
export async function openServer(port: number) {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  server.listen(port);
  await once(server, 'listening');
  const address = server.address();
  return {
    server,
    port: typeof address === 'object' && address ? address.port : port,
    async close(): Promise<void> {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
