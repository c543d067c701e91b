import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import type { Core } from '../core.ts';
import { ownCookie, readCookie } from './cookies.ts';

declare module 'express-session' {
  interface SessionData {
    /** Names this browser in installation_owners; stays the same when the session id is regenerated. */
    ownerId: string;
    flash: Flash;
    /** When the cookie was last renewed; absent until the browser has come back with it. */
    renewedAt: number;
  }
}

export interface Flash {
  kind: 'ok' | 'problem';
  text: string;
}

const DAY_MS = 24 * 60 * 60_000;
/** Until the browser comes back with its new cookie: crawlers never do. */
const FIRST_LIFETIME_MS = 15 * 60_000;
/** Thirty days from the last visit, which may be a day later than the renewal. */
const LIFETIME_MS = 31 * DAY_MS;

type SessionNeeds = Pick<Core, 'sessions' | 'now'> & { config: Pick<Core['config'], 'publicUrl'> };

/** Sessions in the database, so that every instance knows every browser. What is behind them is not cached. */
export function sessions(
  { sessions: store, config, now }: SessionNeeds,
  secret: string[],
): RequestHandler {
  const { name, options: cookie } = ownCookie(config.publicUrl, 'shopkeeper');
  const load = session({
    name,
    secret,
    store,
    resave: false,
    saveUninitialized: false,
    proxy: true,
    cookie: { ...cookie, maxAge: FIRST_LIFETIME_MS },
  });

  /** A change, so that express-session stores it and sends the cookie again. */
  function renew(request: Request): void {
    const { ownerId, renewedAt = 0 } = request.session;
    if (ownerId === undefined || now() - renewedAt < DAY_MS) return;
    request.session.renewedAt = now();
    request.session.cookie.maxAge = LIFETIME_MS;
  }

  return (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    // express-session would take the first of two.
    readCookie(request, name);
    // It also drops a secure cookie when the proxy that ends TLS forgets to say so, and the install then
    // fails with a lost state. PUBLIC_URL already tells how browsers reach us.
    if (cookie.secure) request.headers['x-forwarded-proto'] = 'https';
    load(request, response, (error) => {
      if (error !== undefined) return next(error);
      holdUntilStored(response);
      renew(request);
      // Taken when a page is rendered: a redirect or the live feed in another tab would show it to nobody.
      const get = () => takeFlash(request);
      Object.defineProperty(response.locals, 'flash', { enumerable: true, get });
      next();
    });
  };
}

/**
 * While a session is being stored, express-session sends the head of the answer and most of its body already, and
 * browsers follow a redirect as soon as they have the head: to a page that would not know the session yet.
 */
function holdUntilStored(response: Response): void {
  const end: (...given: never[]) => Response = response.end.bind(response);
  Object.assign(response, {
    end(...given: never[]) {
      // Until the end itself, which Node sends along with all that waits.
      if (!response.writableEnded) response.socket?.cork();
      return end(...given);
    },
  });
}

/** The browser's owner id, made on first need. */
export function ensureOwnerId(request: Request): string {
  request.session.ownerId ??= randomUUID();
  return request.session.ownerId;
}

/** A new id for all that the session held: whoever knew the old one is out, forms in other tabs stay good. */
export async function regenerateSession(request: Request, ownerId: string): Promise<void> {
  const { cookie: _, ...kept } = request.session;
  await endSession(request);
  Object.assign(request.session, kept, { ownerId });
  if (kept.renewedAt !== undefined) request.session.cookie.maxAge = LIFETIME_MS;
}

/** An empty session under a new id: what the old one knew is gone. */
export async function endSession(request: Request): Promise<void> {
  await promisify((done: (error: unknown) => void) => request.session.regenerate(done))();
}

/** Shown once, on the next page. */
export function flash(request: Request, kind: Flash['kind'], text: string): void {
  request.session.flash = { kind, text };
}

function takeFlash({ method, session: held }: Request): Flash | null {
  const shown = held.flash ?? null;
  if (shown !== null && method !== 'HEAD') delete held.flash;
  return shown;
}
