import type { RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';
import { isLoopback } from '../config/config-values.ts';

const ONE_YEAR_S = 365 * 24 * 60 * 60;
/** Zendesk's consent page, or the sandbox's, shows it; nothing else of ours belongs on another site. */
const ICON = '/favicon.svg';

/** No inline script or style anywhere; https-only rules where the app is served over https. */
export function createSecurityHeaders(publicUrl: string): RequestHandler {
  const own = helmet(describeHeaders(new URL(publicUrl)));
  const shared = helmet.crossOriginResourcePolicy({ policy: 'cross-origin' });
  return (request, response, next) => {
    own(request, response, (error?: unknown) => {
      if (error === undefined && request.path === ICON) shared(request, response, next);
      else next(error);
    });
  };
}

function describeHeaders(publicUrl: URL): HelmetOptions {
  const secure = publicUrl.protocol === 'https:';
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
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
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'same-origin' },
  };
}
