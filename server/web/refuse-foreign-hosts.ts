import { BlockList, isIP } from 'node:net';
import type { Request, RequestHandler } from 'express';
import { AppError } from '../errors.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * In sandbox mode nothing but loopback protects the pages, and a page of the internet can give its own name
 * our address (DNS rebinding): whoever does not ask for a name of ours is refused.
 */
export function createRefuseForeignHosts(ownUrls: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    if (asksForUs(request, ownUrls)) return next();
    const message =
      'This app runs with its sandbox, for this machine only, and knows no such host.';
    return next(new AppError('foreign_host', message, `Open ${ownUrls[0]}, or set PUBLIC_URL.`));
  };
}

/** Whether Host is a name of this machine, or that of one of the addresses. */
export function asksForUs(request: Request, ownUrls: readonly string[]): boolean {
  const name = hostNameOf(request.headers.host ?? '');
  if (name === undefined) return false;
  return (
    name === 'localhost' ||
    isLoopback(name) ||
    ownUrls.some((url) => hostNameOf(new URL(url).host) === name)
  );
}

/** In lower case and without the port, brackets and the dot at the end; undefined for what is no host. */
function hostNameOf(host: string): string | undefined {
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname.replace(/^\[|\]$|\.$/g, '');
}

function isLoopback(name: string): boolean {
  const version = isIP(name);
  return version !== 0 && LOOPBACK.check(name, version === 6 ? 'ipv6' : 'ipv4');
}
