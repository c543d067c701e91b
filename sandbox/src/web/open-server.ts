import { once } from 'node:events';
import { createServer, type RequestListener, type ServerOptions } from 'node:http';
import { createServer as createRelay } from 'node:net';
import type { Server } from 'node:net';
import { createServer as createTlsRelay } from 'node:tls';
import type { Identity } from './certificate.ts';

/**
 * As the bot's own server: whoever has not sent all of a request by then hears 408, and idle connections
 * are kept longer than any proxy keeps them (Envoy: an hour), since the sender has to close first.
 */
const PATIENCE = { requestTimeout: 30_000, headersTimeout: 30_000, keepAliveTimeout: 3_620_000 };

/** A machine without IPv6 says so in one of these ways. */
const NO_SUCH_FAMILY = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/**
 * Listens on the port (0: any free one). Whoever asks waits until it is said who answers.
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
  const early: Parameters<RequestListener>[] = [];
  const keep: RequestListener = (...exchange) => void early.push(exchange);
  server.on('request', keep);
  const relay = createRelay((socket) => server.emit('connection', socket));
  const found = await openFamilies([server, relay], port, host);
  const relays = [relay];
  return {
    server,
    /** Also whoever has asked already: what is kept is read only once the port is open. */
    answer(handler: RequestListener): void {
      server.off('request', keep);
      server.on('request', handler);
      for (const exchange of early.splice(0)) handler(...exchange);
    },
    /** How this machine reaches it, without a slash at the end. */
    url: addressOf(host, found),
    /** Lets the same server be reached by TLS at one more port (0: any free one), and returns that port. */
    async openTls(tlsPort: number, identity: Identity): Promise<number> {
      const create = () => createTlsRelay(identity, (socket) => server.emit('connection', socket));
      const both: [Server, Server] = [create(), create()];
      relays.push(...both);
      return openFamilies(both, tlsPort, host);
    },
    async close(): Promise<void> {
      for (const one of relays) one.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Has the first server listen, and for `localhost` the second one in IPv6. Returns the port. */
async function openFamilies(
  [first, second]: [Server, Server],
  port: number,
  host: string | undefined,
): Promise<number> {
  const found = await open(first, port, host === 'localhost' ? '127.0.0.1' : host);
  if (host === 'localhost') {
    await open(second, found, '::1').catch((error: unknown) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (NO_SUCH_FAMILY.has(code)) return;
      first.close();
      throw error;
    });
  }
  return found;
}

/** How this machine reaches what listens there. */
export function addressOf(host = 'localhost', port: number): string {
  const isLocal = ['localhost', '0.0.0.0', '::', '127.0.0.1', '::1'].includes(host);
  const name = host.includes(':') ? `[${host}]` : host;
  return `http://${isLocal ? 'localhost' : name}:${port}`;
}

/** Returns the port. */
async function open(server: Server, port: number, host: string | undefined): Promise<number> {
  server.listen({ port, host });
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}
