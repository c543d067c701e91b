import type { RequestHandler } from 'express';

/**
 * Routes that are put together with the first request for them. A world has some two hundred, in a public demo
 * every visitor has a world, and hardly anybody opens all of it.
 */
export function whenAsked(create: () => RequestHandler): RequestHandler {
  let routes: RequestHandler | undefined;
  return (request, response, next) => {
    routes ??= create();
    return routes(request, response, next);
  };
}
