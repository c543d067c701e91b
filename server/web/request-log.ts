import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Log } from '../log.ts';

const INSTALLATION_PATH = /^\/installations\/([0-9a-f]{32})/;
/** The length of 32 random bytes in base64url: no id of ours is that long. */
const TOKEN = /[\w-]{43,}/g;
const ASSET = /\.(css|js|svg|png|ico|txt|map)$/;

/**
 * One line for each request, for whoever looks for one (LOG_LEVEL=debug), and none for what belongs to a page.
 * The path only, without a token in it: a query string can hold an authorization code or a state.
 */
export function requestLog(log: Log): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const requestId = randomUUID();
    response.locals['requestId'] = requestId;
    response.setHeader('X-Request-Id', requestId);
    const { method } = request;
    const path = request.path.replaceAll(TOKEN, '…');
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
