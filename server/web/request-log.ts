import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Log } from '../log.ts';

const INSTALLATION_PATH = /^\/installations\/([0-9a-f]{32})/;
const ASSET = /\.(css|js|svg|png|ico|txt|map)$/;

/**
 * One line for each request, for whoever looks for one (LOG_LEVEL=debug), and none for what belongs to a page.
 * The path only: a query string can hold an authorization code or a state.
 */
export function requestLog(log: Log): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const requestId = randomUUID();
    response.locals['requestId'] = requestId;
    response.setHeader('X-Request-Id', requestId);
    const { method, path } = request;
    if (ASSET.test(path) && !path.startsWith('/source/')) return next();
    const installationId = INSTALLATION_PATH.exec(path)?.[1];
    response.once('close', () => {
      const ms = Math.round(performance.now() - started);
      const { statusCode: status } = response;
      log.debug({ requestId, installationId, method, path, status, ms }, 'request');
    });
    return next();
  };
}
