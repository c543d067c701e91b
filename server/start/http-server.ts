import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createNetServer, type Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, OperatorError } from '../errors.ts';

/**
 * In milliseconds. The side that sends must be the first to give an idle connection up: a proxy that sends on
 * one which the server is closing can only answer 502, because a POST must not be repeated unasked. So we wait
 * longer than any proxy known: HAProxy closes half of its idle connections every 5 s (pool-purge-delay),
 * nginx after 60 s (keepalive_timeout in `upstream`), AWS' ALB after 60 s (idle timeout), Heroku after
 * 90 s, Caddy after 2 min (keepalive), Oracle's after 300 s, Google's after 600 s, Cloudflare after
 * 900 s (Proxy Idle Timeout), Envoy after an hour (idle_timeout).
 */
export const TIMEOUTS = {
  keepAliveTimeout: 3_620_000,
  // Node measures these from the first byte of a request, on a new connection from its beginning.
  headersTimeout: 30_000,
  requestTimeout: 30_000,
};

const [FIRST, SECOND] = ['127.0.0.1', '::1'];
/** A machine without IPv6 says so in one of these ways. */
const NO_SUCH_FAMILY = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** `localhost`: this machine alone, in both families; undefined: every interface. */
type Host = string | undefined;

/** An HTTP server that is fit to stand behind proxies; it does not listen yet. */
export function createHttpServer(handle?: RequestListener): Server {
  return createServer(TIMEOUTS, handle);
}

/**
 * Opens the port, and returns what closes it again; connections that are open stay.
 * @throws OperatorError when it is taken, or HOST is not of this machine.
 */
export async function listen(
  server: Server,
  { port, host }: { port: number; host: Host },
): Promise<() => void> {
  try {
    await open(server, port, host === 'localhost' ? FIRST : host);
    const second = host === 'localhost' ? await openSecond(server, port) : undefined;
    return () => {
      server.close();
      second?.close();
    };
  } catch (error) {
    server.close();
    throw explainListening(error, { variable: 'PORT', port, host });
  }
}

/** An OperatorError for what the operator can put right, else the error itself. */
export function explainListening(
  error: unknown,
  { variable, port, host }: { variable: string; port: number; host: Host },
): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new OperatorError(
        `Port ${port} is taken by another program. Stop it, or choose another: ${variable}=${portBeside(port, 1)} npm start`,
      );
    case 'EACCES':
      return new OperatorError(
        port < 1024
          ? `This user may not open port ${port}. Choose one above 1023, and let a proxy have the other: ${variable}=${port + 8000} npm start`
          : `The system keeps port ${port} for itself. Choose another: ${variable}=${portBeside(port, 1000)} npm start`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new OperatorError(
        `HOST=${host} is not an address of this machine. Leave it out, or take 127.0.0.1 for this machine alone and 0.0.0.0 for every interface.`,
      );
    default:
      return error;
  }
}

/** Above it, or where there is none any more, below. */
const portBeside = (port: number, distance: number): number =>
  port + distance > 65_535 ? port - distance : port + distance;

/** Browsers and `fetch` try either family first, so the same server answers in both. */
async function openSecond(server: Server, port: number): Promise<NetServer | undefined> {
  const second = createNetServer((socket) => server.emit('connection', socket));
  try {
    await open(second, port, SECOND);
    return second;
  } catch (error) {
    if (NO_SUCH_FAMILY.has(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

async function open(server: NetServer, port: number, host: Host): Promise<void> {
  server.listen({ port, host });
  await once(server, 'listening');
}

/** From now on every answer ends its connection, so that proxies are not left with any when we close. */
export function endConnections(server: Server): void {
  server.prependListener('request', (_request, response) => {
    response.setHeader('Connection', 'close');
  });
}

/** Closes the port by what `listen` returned, and after `withinMs`, which is for answers, every connection. */
export async function closeServer(server: Server, closePort: () => void, withinMs: number) {
  const closed = once(server, 'close');
  closePort();
  await Promise.race([closed, sleep(withinMs, undefined, { ref: false })]);
  server.closeAllConnections();
}
