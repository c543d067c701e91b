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
