import type { RequestHandler } from 'express';
import type { Log } from '../log.ts';
import { findOriginMismatch, readArrival } from './origin-mismatch.ts';

/**
 * Keeps what is odd about the address a request came to, for the page of a lost cookie, and tells the
 * operator once when TRUST_PROXY is the reason.
 */
export function createNoticeOrigin({
  publicUrl,
  log,
}: {
  publicUrl: string;
  log: Log;
}): RequestHandler {
  let told = false;
  return (request, response, next) => {
    const arrival = readArrival(request);
    const mismatch = findOriginMismatch(arrival, publicUrl);
    response.locals['originMismatch'] = mismatch;
    if (mismatch === 'untrusted-proxy' && !told) {
      told = true;
      log.warn(
        { publicUrl, seen: arrival.seen },
        'A proxy forwards requests for PUBLIC_URL, but TRUST_PROXY does not cover it: all visitors ' +
          'share one rate limit. Set TRUST_PROXY=1 for one proxy, and run `npm run doctor`.',
      );
    }
    next();
  };
}
