import { once } from 'node:events';
import { createServer, type ServerOptions } from 'node:http';
import { createServer as createRelay } from 'node:net';
import type { Server } from 'node:net';

/**
 * As the bot's own server: whoever has not sent all of a request by then hears 408, and idle connections
 * are kept longer than any proxy keeps them (Envoy: an hour), since the sender has to close first.
 */
const PATIENCE = { requestTimeout: 30_000, headersTimeout: 30_000, keepAliveTimeout: 3_620_000 };

/** A machine without IPv6 says so in one of these ways. */
const NO_SUCH_FAMILY = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/**
 * Listens on the port (0: any free one) and nobody answers yet.
 * @param host `localhost`: this machine alone, in both families; undefined: every interface.
 * @param patience of Node's server, in milliseconds; a test has less.
 * @throws the error of the system, for example with the code EADDRINUSE.
 */
export async function openServer(
  port: number,
  host: string | undefined,
  patience: ServerOptions = PATIENCE,
) {
  const server = createServer(patience);
  const found = await open(server, port, host === 'localhost' ? '127.0.0.1' : host);
  const relay = createRelay((socket) => server.emit('connection', socket));
  if (host === 'localhost') {
    await open(relay, found, '::1').catch((error: unknown) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (NO_SUCH_FAMILY.has(code)) return;
      server.close();
      throw error;
    });
  }
  return {
    server,
    /** How this machine reaches it, without a slash at the end. */
    url: `http://${nameOf(host)}:${found}`,
    async close(): Promise<void> {
      relay.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function nameOf(host = 'localhost'): string {
  if (['localhost', '0.0.0.0', '::', '127.0.0.1', '::1'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

/** Returns the port. */
async function open(server: Server, port: number, host: string | undefined): Promise<number> {
  server.listen({ port, host });
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}
