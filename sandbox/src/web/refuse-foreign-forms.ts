import type { Request, RequestHandler } from 'express';
import { isLoopbackName } from './refuse-foreign-hosts.ts';

/**
 * Refuses a form that another site made the browser send: by the address the sandbox was given, never by
 * Host, which the other site can choose. Programs send neither header and pass.
 */
export function refuseForeignForms(url: string): RequestHandler {
  const own = new URL(url);

  function isForeign({ headers }: Request): boolean {
    const { origin, 'sec-fetch-site': site } = headers;
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
    // Our pages send no referrer, and browsers then call the origin of their forms null.
    if (origin === undefined || (origin === 'null' && site !== undefined)) return false;
    return !isOwn(origin);
  }

  /** On a developer's machine 127.0.0.1 and localhost are the same place. */
  function isOwn(origin: string): boolean {
    if (!URL.canParse(origin)) return false;
    const { origin: given, hostname, port } = new URL(origin);
    const isSameMachine = isLoopbackName(own.hostname) && isLoopbackName(hostname);
    return given === own.origin || (isSameMachine && port === own.port);
  }

  return (request, response, next) => {
    if (request.method !== 'POST' || !isForeign(request)) {
      next();
      return;
    }
    response.status(403).render('problem', {
      title: 'Refused',
      problem: `This form was sent by another site. Open the sandbox at ${url}.`,
    });
  };
}
