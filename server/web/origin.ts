import type { Request, RequestHandler } from 'express';
import type { Log } from '../log.ts';

/** The address a request came to, as Express understands it with the present TRUST_PROXY … */
export interface Arrival {
  seen: string;
  /** … and as the headers of the proxy in front have it, believed or not. */
  claimed: string;
}

type OriginMismatch = 'untrusted-proxy' | 'another-host' | 'another-protocol';

/**
 * Keeps what is odd about the address a request came to, for the page of a lost cookie, and tells the
 * operator once when TRUST_PROXY is the reason.
 */
export function noticeOrigin({ publicUrl, log }: { publicUrl: string; log: Log }): RequestHandler {
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

/** Call it before anything changes the request's headers. */
export function readArrival(request: Request): Arrival {
  const { protocol, host } = request;
  const first = (header: string) => request.get(header)?.split(',', 1)[0]?.trim();
  return {
    seen: toOrigin(protocol, host),
    claimed: toOrigin(first('X-Forwarded-Proto') ?? protocol, first('X-Forwarded-Host') ?? host),
  };
}

/** Why a request did not come to PUBLIC_URL, as it should; undefined when it did. */
export function findOriginMismatch(
  { seen, claimed }: Arrival,
  publicUrl: string,
): OriginMismatch | undefined {
  if (seen === publicUrl) return undefined;
  if (claimed === publicUrl) return 'untrusted-proxy';
  const hostOf = (address: string) => address.replace(/^\w+:\/\//, '');
  return hostOf(seen) === hostOf(publicUrl) ? 'another-protocol' : 'another-host';
}

/** What `noticeOrigin` kept of a request, as a likely cause of a lost cookie. */
export function explainOriginMismatch(
  mismatch: OriginMismatch | undefined,
  publicUrl: string,
): string | undefined {
  switch (mismatch) {
    case undefined:
      return undefined;
    case 'untrusted-proxy':
      return 'A proxy forwarded this page, but TRUST_PROXY does not cover it, so what it says about host and protocol is not believed. Whoever runs this app sets TRUST_PROXY=1 for one proxy.';
    case 'another-protocol':
      return `This page was reached over another protocol than PUBLIC_URL names (${new URL(publicUrl).protocol.slice(0, -1)}): a browser then keeps cookies back. Or the proxy in front does not send X-Forwarded-Proto.`;
    case 'another-host':
      return `This page was reached under another host than PUBLIC_URL names (${new URL(publicUrl).host}).`;
  }
}

/** Without a default port, in lower case. */
function toOrigin(protocol: string, host: string | undefined): string {
  const address = `${protocol}://${host ?? ''}`;
  return URL.canParse(address) ? new URL(address).origin : address;
}
