import express from 'express';
import type { Request, RequestHandler } from 'express';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Nothing but loopback protects a sandbox on a developer's machine, and a page of the internet can give its
 * own name our address (DNS rebinding): whoever does not ask for a name of ours is refused.
 */
export function refuseForeignHosts(url: string): RequestHandler {
  const own = new URL(url).hostname;
  return (request, response, next) => {
    const name = hostNameOf(request.headers.host);
    if (name === own || isLoopbackName(name) || findSubdomain(name, own) !== undefined) {
      next();
      return;
    }
    response.status(421).render('problem', {
      title: 'Refused',
      problem: `This sandbox is for one machine only, and knows no such host. Open ${url}, or set SANDBOX_URL.`,
    });
  };
}

/** Whether the name is this machine's own. */
function isLoopbackName(name: string): boolean {
  return LOOPBACK.test(name);
}

/**
 * The first label of a name below the sandbox's own, or below localhost, which no page of the internet can
 * have; undefined: it is no such name.
 */
export function findSubdomain(name: string, own: string): string | undefined {
  const [, label, domain = ''] = /^([a-z0-9][a-z0-9-]*)\.(.+)$/.exec(name) ?? [];
  const isOurs = domain === own || domain === 'localhost' || domain.endsWith('.localhost');
  return isOurs && name !== own ? label : undefined;
}

/** In lower case and without the port; empty for what is no host. */
export function hostNameOf(host = ''): string {
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return '';
  return new URL(`http://${host}`).hostname.replace(/\.$/, '');
}

/**
 * Refuses a form that another site made the browser send: by the address the sandbox was given, never by
 * Host, which the other site can choose. Programs send neither header and pass.
 */
function refuseForeignForms(url: string): RequestHandler {
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

/** For pages: a form of our own, its fields in `request.body`; where nothing was sent there are none. */
export function acceptForms(url: string): RequestHandler[] {
  const withoutFields: RequestHandler = (request, _response, next) => {
    request.body ??= {};
    next();
  };
  return [express.urlencoded({ extended: false }), withoutFields, refuseForeignForms(url)];
}

/** Node 26 would read, write and render JSON of any depth. The deepest message there is has ten levels. */
const MAX_DEPTH = 100;

/** For `verify` of Express's parser, before anything is built. @throws SyntaxError with the status 400. */
export function refuseDeepJson(_request: unknown, _response: unknown, body: Buffer): void {
  let depth = 0;
  for (const [token] of body.toString('utf8').matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > MAX_DEPTH)
      throw Object.assign(new SyntaxError('The JSON is nested too deeply.'), { status: 400 });
  }
}
