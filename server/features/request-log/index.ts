import { Router, type RequestHandler } from 'express';
import type { Log } from '../../log.ts';
import type { Feature } from '../feature.ts';

const INSTALLATION_PATH = /^\/installations\/([0-9a-f]{32})/;
/** The length of 32 random bytes in base64url: no id of ours is that long. */
const TOKEN = /[\w-]{43,}/g;
const ASSET = /\.(css|js|svg|png|ico|txt|map)$/;

/** Each request in the log, for whoever looks for one (LOG_LEVEL=debug). */
export const requestLog: Feature = {
  name: 'request-log',
  open: ({ log }) => ({ probes: Router().use(logRequest(log)) }),
};

/**
 * One line for each request, and none for what belongs to a page. The path only, without a token in it: a
 * query string can hold an authorization code or a state.
 */
function logRequest(log: Log): RequestHandler {
  return ({ method, path: asked }, response, next) => {
    const started = performance.now();
    const path = asked.replaceAll(TOKEN, '…');
    if (ASSET.test(path) && !path.startsWith('/source/')) return next();
    const installationId = INSTALLATION_PATH.exec(path)?.[1];
    response.once('close', () => {
      const ms = Math.round(performance.now() - started);
      const { statusCode: status } = response;
      const { requestId } = response.locals;
      log.debug({ requestId, installationId, method, path, status, ms }, 'request');
    });
    return next();
  };
}
