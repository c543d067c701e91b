import type { Request, RequestHandler } from 'express';
import type { Flash } from './sessions.ts';

interface SiteLocals {
  publicUrl: string;
  footerLinks: readonly { href: string; text: string }[];
}

/** What every page may show. Never the configuration: a template sees what it needs and no more. */
export function pageLocals(site: SiteLocals): RequestHandler {
  return (request, response, next) => {
    Object.assign(response.locals, { title: 'Shopkeeper', ...site });
    // Taken when a page is rendered: a redirect or the live feed in another tab would show it to nobody.
    Object.defineProperty(response.locals, 'flash', {
      enumerable: true,
      get: () => takeFlash(request),
    });
    next();
  };
}

function takeFlash({ method, session }: Request): Flash | null {
  const flash = session.flash ?? null;
  if (flash !== null && method !== 'HEAD') delete session.flash;
  return flash;
}
