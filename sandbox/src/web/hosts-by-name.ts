import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { RequestHandler } from 'express';
import { keepCertificate } from './certificate.ts';
import { findSubdomain, hostNameOf } from './guards.ts';
import type { openServer } from './open-server.ts';

/** Of the OAuth bridge; every other name is that of an account. */
const BRIDGE = 'oauth-bridge';

/** How bots reach a sandbox by the names of hosts. */
export interface ByName {
  /** With the port: what a bot has in the place of zendesk.com. */
  domain: string;
  /** The file of the certificate that it has to trust. */
  certificate: string;
}

/** Opens the port for TLS, with a certificate for every name; where it cannot, nothing stays open. */
export async function openByName(
  { openTls, close }: Pick<Awaited<ReturnType<typeof openServer>>, 'openTls' | 'close'>,
  url: string,
  { port, certificateFile }: { port: number; certificateFile: string },
): Promise<ByName> {
  const domain = domainOf(url);
  try {
    const identity = keepCertificate(certificateFile, ['localhost', domain, `*.${domain}`]);
    const found = await openTls(port, identity);
    return { domain: `${domain}:${found}`, certificate: resolve(certificateFile) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The domain below which a sandbox has the names of Zendesk's hosts. Below an address of numbers there are none. */
function domainOf(url: string): string {
  const { hostname } = new URL(url);
  const isLocal = /^(localhost|.*\.localhost)$/.test(hostname);
  const isNumbers = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
  return isLocal || isNumbers ? 'zendesk.localhost' : hostname;
}

/**
 * Lets bots that build https://oauth-bridge.{domain}/sc and https://{subdomain}.{domain}/sc themselves find
 * there what is at {url}/sc and {url}/accounts/{subdomain}/sc. The pages are at one address only: whoever
 * asks for one is sent there.
 */
export function answerByName(url: string): RequestHandler {
  const own = new URL(url).hostname;
  return (request, response, next) => {
    const name = findSubdomain(hostNameOf(request.headers.host), own);
    if (name === undefined) {
      next();
      return;
    }
    const folder = name === BRIDGE ? '' : `/accounts/${name}`;
    const isPage =
      !/^\/sc(\/|$)/i.test(request.path) || /^\/sc\/oauth\/authorize\b/i.test(request.path);
    if (isPage)
      response.redirect(307, `${url}${request.path === '/' ? '/' : folder + request.url}`);
    else {
      request.url = folder + request.url;
      // What links to a list's next page are made of.
      request.originalUrl = request.url;
      next();
    }
  };
}
