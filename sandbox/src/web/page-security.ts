import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Pages run no inline script or style. Pictures may come from the bot, wherever it is. */
const contentDirectives = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'http:', 'https:'],
  baseUri: ["'none'"],
  frameAncestors: ["'self'"],
  objectSrc: ["'none'"],
};

export function securePages(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { ...contentDirectives, formAction: ["'self'"] },
    },
    // Plain http on this machine is the usual way in.
    strictTransportSecurity: false,
  });
}

/** As `securePages`, for a page whose form ends, by redirect, at another origin. */
export function allowFormTarget(origin: string): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: { ...contentDirectives, formAction: ["'self'", origin] },
  });
}
