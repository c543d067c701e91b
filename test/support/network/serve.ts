import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createHttpServer } from '../../../server/start/http-server.ts';

/** A server on a free port of this machine. */
export async function serve(handle?: RequestListener) {
  const server = createHttpServer(handle);
  server.listen(0);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was assigned');
  return {
    server,
    port: address.port,
    url: `http://localhost:${address.port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
