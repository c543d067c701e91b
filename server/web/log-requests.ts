import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Log } from '../runtime/types.ts';

/** One line per request. The path only: a query string can hold an authorization code or a state. */
export function createRequestLog(log: Log): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const requestId = randomUUID();
    response.locals['requestId'] = requestId;
    response.setHeader('X-Request-Id', requestId);
    const { method, path } = request;
    response.once('close', () => {
      const ms = Math.round(performance.now() - started);
      log.info({ requestId, method, path, status: response.statusCode, ms }, 'request');
    });
    next();
  };
}
