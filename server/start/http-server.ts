import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The side that sends must be the first to give an idle connection up: a proxy that sends on one which
 * the server is closing can only answer 502, because a POST must not be repeated unasked. So we wait
 * longer than any proxy known: HAProxy closes half of its idle connections every 5 s (pool-purge-delay),
 * nginx after 60 s (keepalive_timeout in `upstream`), AWS' ALB after 60 s (idle timeout), Heroku after
 * 90 s, Caddy after 2 min (keepalive), Oracle's after 300 s, Google's after 600 s, Cloudflare after
 * 900 s (Proxy Idle Timeout), Envoy after an hour (idle_timeout).
 */
export const TIMEOUTS = {
  /** In milliseconds, for the next request on a connection that was answered. */
  keepAlive: 3_620_000,
  /** For a whole request, and on a new connection for its headers. */
  request: 30_000,
};

/** An HTTP server that is fit to stand behind proxies; it does not listen yet. */
export function createHttpServer(handle?: RequestListener): Server {
  const { keepAlive, request } = TIMEOUTS;
  return createServer(
    // Node measures the last two from the first byte of a request, not from the end of the one before.
    { keepAliveTimeout: keepAlive, headersTimeout: request, requestTimeout: request },
    handle,
  );
}

/** From now on every answer ends its connection, so that proxies are not left with any when we close. */
export function endConnections(server: Server): void {
  server.prependListener('request', (_request, response) => {
    response.setHeader('Connection', 'close');
  });
}

/**
 * Closes the port, gives what is being answered `withinMs`, and then closes every connection.
 * @param closePort What `listen` returned.
 */
export async function closeServer(
  server: Server,
  closePort: () => void,
  withinMs: number,
): Promise<void> {
  const closed = once(server, 'close');
  closePort();
  await Promise.race([closed, sleep(withinMs, undefined, { ref: false })]);
  server.closeAllConnections();
}
