import type { Request, RequestHandler } from 'express';

/** Refuses a form that another site made the browser send. Programs send neither header and pass. */
export function refuseForeignForms(url: string): RequestHandler {
  const ownHost = new URL(url).host;

  function isForeign({ headers }: Request): boolean {
    const site = headers['sec-fetch-site'];
    if (site !== undefined) return site !== 'same-origin' && site !== 'none';
    if (headers.origin === undefined) return false;
    const host = URL.canParse(headers.origin) ? new URL(headers.origin).host : '';
    return host !== ownHost && host !== headers.host;
  }

  return (request, response, next) => {
    if (request.method !== 'POST' || !isForeign(request)) {
      next();
      return;
    }
    response.status(403).render('problem', {
      title: 'Refused',
      problem: 'This form was sent by another site.',
    });
  };
}
