import type { RequestHandler } from 'express';
import { splitAtLinks } from './split-at-links.ts';

interface PageLocalsOptions {
  publicUrl: string;
  sandboxUrl: string | null;
  isPublicDemo: boolean;
}

/** What every page may show. Never the configuration: a template sees what it needs and no more. */
export function createPageLocals(options: PageLocalsOptions): RequestHandler {
  return (request, response, next) => {
    Object.assign(response.locals, {
      title: 'Shopkeeper',
      ...options,
      splitAtLinks,
      isSignedIn: request.session.ownerId !== undefined,
      flash: request.session.flash ?? null,
    });
    if (request.session.flash !== undefined) delete request.session.flash;
    next();
  };
}
