import type { RequestHandler } from 'express';

interface PageLocalsOptions {
  sandboxUrl: string | null;
  isPublicDemo: boolean;
}

/** What every page may show. Never the configuration: a template sees what it needs and no more. */
export function createPageLocals({ sandboxUrl, isPublicDemo }: PageLocalsOptions): RequestHandler {
  return (request, response, next) => {
    Object.assign(response.locals, {
      title: 'Shopkeeper',
      sandboxUrl,
      isPublicDemo,
      flash: request.session.flash ?? null,
    });
    if (request.session.flash !== undefined) delete request.session.flash;
    next();
  };
}
