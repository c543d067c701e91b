import type { RequestHandler } from 'express';
import {
  findOriginMismatch,
  readArrival,
  type OriginMismatch,
} from '../../commands/doctor/arrival.ts';
import type { Core } from '../../core.ts';

/**
 * Says what is odd about the address a request came to as the `likelyCause` of a lost cookie, should it come
 * to that page, and tells the operator once when TRUST_PROXY is the reason.
 */
export function noticeOrigin({
  config: { publicUrl },
  log,
}: Pick<Core, 'config' | 'log'>): RequestHandler {
  let told = false;
  return (request, response, next) => {
    const arrival = readArrival(request);
    const mismatch = findOriginMismatch(arrival, publicUrl);
    response.locals['likelyCause'] = mismatch && explain(mismatch, publicUrl);
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

function explain(mismatch: OriginMismatch, publicUrl: string): string {
  switch (mismatch) {
    case 'untrusted-proxy':
      return 'A proxy forwarded this page, but TRUST_PROXY does not cover it, so what it says about host and protocol is not believed. Whoever runs this app sets TRUST_PROXY=1 for one proxy.';
    case 'another-protocol':
      return `This page was reached over another protocol than PUBLIC_URL names (${new URL(publicUrl).protocol.slice(0, -1)}): a browser then keeps cookies back. Or the proxy in front does not send X-Forwarded-Proto.`;
    case 'another-host':
      return `This page was reached under another host than PUBLIC_URL names (${new URL(publicUrl).host}).`;
  }
}
