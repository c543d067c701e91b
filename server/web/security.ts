import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { isLoopback } from '../config/values.ts';

const ONE_YEAR_S = 365 * 24 * 60 * 60;

/** No inline script or style anywhere; https-only rules where the app is served over https. */
export function securityHeaders(address: string): RequestHandler {
  const publicUrl = new URL(address);
  const secure = publicUrl.protocol === 'https:';
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    // It holds for every port of a name, and for a year: on localhost it would break other programs, and
    // the hosts below an apex domain are not ours to decide about.
    strictTransportSecurity:
      secure && !isLoopback(publicUrl) ? { maxAge: ONE_YEAR_S, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'same-origin' },
  });
}

/**
 * Sends 400 for what cannot be a path of ours, before anything takes it for one: `*` and whole
 * addresses (RFC 9112 §3.2: for the server as a whole, and for proxies), and U+0000, which no stored id
 * has and PostgreSQL refuses. Returns false for every other request.
 */
export function refuseOddTarget(request: IncomingMessage, response: ServerResponse): boolean {
  const { url = '' } = request;
  if (url.startsWith('/') && !url.includes('%00')) return false;
  response.writeHead(400, { 'Content-Length': 0, Connection: 'close' }).end();
  return true;
}
