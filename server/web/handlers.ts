import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';

/** A handler of Express that takes what it needs first: often the core, or the fields of it that it names. */
type Handler<Needs> = (needs: Needs, request: Request, response: Response) => void | Promise<void>;

/**
 * For the mounts of a router: `const to = bindTo(core)`, then `pages.get('/settings', to(showSettings))`.
 * Express waits for what a handler returns, and a rejection ends on the error page.
 */
export function bindTo<Needs>(needs: Needs): (handler: Handler<Needs>) => RequestHandler {
  return (handler) => (request, response) => handler(needs, request, response);
}

/** Under this id it is in the log and on a page that says what failed: whoever tells it has told everything. */
export const nameRequest: RequestHandler = (_request, response, next) => {
  const requestId = randomUUID();
  response.locals['requestId'] = requestId;
  response.setHeader('X-Request-Id', requestId);
  next();
};
