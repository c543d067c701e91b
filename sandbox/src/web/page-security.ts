import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Pages run no inline script or style. Pictures may come from the bot, wherever it is. */
const contentDirectives = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'http:', 'https:'],
  baseUri: ["'none'"],
  objectSrc: ["'none'"],
};

/**
 * What the services' own answers to programs have none of is left out there, so that no bot comes to rely on it.
 * @param isCall Whether programs ask for a path, and not people.
 * @param framedBy The site that may show pages in a frame, besides our own.
 */
export function securePages(isCall: (path: string) => boolean, framedBy?: string): RequestHandler {
  const ofPages = securePage(framedBy);
  const ofFiles = [helmet.crossOriginResourcePolicy(), helmet.xContentTypeOptions()];
  return (request, response, next) => {
    // A file can be opened as a page.
    if (!isCall(request.path) || request.path.startsWith('/attachments/')) {
      ofPages(request, response, next);
      return;
    }
    for (const set of ofFiles) set(request, response, () => {});
    next();
  };
}

function securePage(framedBy: string | undefined): RequestHandler {
  const frameAncestors = ["'self'", ...(framedBy === undefined ? [] : [framedBy])];
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { ...contentDirectives, frameAncestors, formAction: ["'self'"] },
    },
    // It knows no other site than our own, and frame-ancestors counts in its place.
    xFrameOptions: framedBy === undefined,
    // Plain http on this machine is the usual way in.
    strictTransportSecurity: false,
  });
}

/** As `securePages`, for a page whose form ends, by redirect, at another origin. */
export function allowFormTarget(origin: string): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      ...contentDirectives,
      frameAncestors: ["'self'"],
      formAction: ["'self'", origin],
    },
  });
}

/**
 * Within a frame a page leaves out what is around it: browsers say of each page and form whether it is for
 * a frame (Sec-Fetch-Dest, over https and on this machine); elsewhere `?embedded` does, for that page.
 */
export const noticeFrame: RequestHandler = ({ headers, query }, response, next) => {
  response.locals['isEmbedded'] = headers['sec-fetch-dest'] === 'iframe' || 'embedded' in query;
  response.vary('Sec-Fetch-Dest');
  next();
};
