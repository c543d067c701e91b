import type { Request } from 'express';

/** The address a request came to, as Express understands it with the present TRUST_PROXY … */
interface Arrival {
  seen: string;
  /** … and as the headers of the proxy in front have it, believed or not. */
  claimed: string;
}

export type OriginMismatch = 'untrusted-proxy' | 'another-host' | 'another-protocol';

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

/** Without a default port, in lower case. */
function toOrigin(protocol: string, host: string | undefined): string {
  const address = `${protocol}://${host ?? ''}`;
  return URL.canParse(address) ? new URL(address).origin : address;
}
