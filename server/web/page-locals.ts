import type { Request, RequestHandler } from 'express';
import type { Flash } from './sessions.ts';
import { splitAtLinks } from './split-at-links.ts';

interface PageLocalsOptions {
  publicUrl: string;
  sandboxUrl: string | null;
  isPublicDemo: boolean;
  footerLinks: readonly { href: string; text: string }[];
  /** Names of stylesheets, without `.css`. */
  featureStyles: readonly string[];
}

/** What every page may show. Never the configuration: a template sees what it needs and no more. */
export function createPageLocals(options: PageLocalsOptions): RequestHandler {
  return (request, response, next) => {
    const isSignedIn = request.session.ownerId !== undefined;
    const common = { title: 'Shopkeeper', isSignedIn, splitAtLinks };
    Object.assign(response.locals, { ...common, ...options });
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
