import type { RequestHandler } from 'express';

/** What every page may show. Never the configuration: a template sees what it needs and no more. */
export function createPageLocals({
  publicUrl,
  sandboxUrl,
}: {
  publicUrl: string;
  sandboxUrl: string | null;
}): RequestHandler {
  return (request, response, next) => {
    Object.assign(response.locals, {
      title: 'Shopkeeper',
      publicUrl,
      sandboxUrl,
      flash: request.session.flash ?? null,
    });
    if (request.session.flash !== undefined) delete request.session.flash;
    next();
  };
}
