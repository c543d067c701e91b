import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Answers 400 to what cannot be a path of ours, before anything takes it for one: `*` and whole
 * addresses (RFC 9112 §3.2: for the server as a whole, and for proxies), and U+0000, which no stored id
 * has and PostgreSQL refuses. Returns false for every other request.
 */
export function refuseOddTarget(request: IncomingMessage, response: ServerResponse): boolean {
  const { url = '' } = request;
  if (url.startsWith('/') && !url.includes('%00')) return false;
  response.writeHead(400, { 'Content-Length': 0, Connection: 'close' }).end();
  return true;
}
