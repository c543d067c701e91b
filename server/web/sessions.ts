import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { SessionStore } from '../store/session-store.ts';

declare module 'express-session' {
  interface SessionData {
    /** Names this browser in installation_owners; stays the same when the session id is regenerated. */
    ownerId: string;
    flash: Flash;
    /** The connection authorized last, so that a reloaded callback finds its page. */
    lastAuthorized: { stateHash: string; href: string };
  }
}

export interface Flash {
  kind: 'ok' | 'problem';
  text: string;
}

const THIRTY_DAYS_MS = 30 * 24 * 60 * 60_000;

/** Sessions in the database, so that every instance knows every browser. */
export function createSessions(options: {
  store: SessionStore;
  secrets: string[];
  publicUrl: string;
}): RequestHandler {
  const secure = options.publicUrl.startsWith('https:');
  const sessions = session({
    name: secure ? '__Host-shopkeeper' : 'shopkeeper',
    secret: options.secrets,
    store: options.store,
    resave: false,
    saveUninitialized: false,
    proxy: true,
    cookie: { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: THIRTY_DAYS_MS },
  });
  return (request, response, next) => {
    // express-session drops a secure cookie when the proxy that ends TLS forgets to say so, and the
    // install then fails with a lost state. PUBLIC_URL already tells how browsers reach us.
    if (secure) request.headers['x-forwarded-proto'] = 'https';
    sessions(request, response, next);
  };
}

/** The browser's owner id, made on first need. */
export function ensureOwnerId(request: Request): string {
  request.session.ownerId ??= randomUUID();
  return request.session.ownerId;
}

/** A new session id for the same owner: whoever knew the old one is out. */
export function regenerateSession(request: Request, ownerId: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.regenerate((error: unknown) => {
      if (error) return reject(error);
      request.session.ownerId = ownerId;
      return resolve();
    });
  });
}

/** An empty session under a new id: what the old one knew is gone. */
export function endSession(request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.regenerate((error: unknown) => (error ? reject(error) : resolve()));
  });
}

/** Shown once, on the next page. */
export function flash(request: Request, kind: Flash['kind'], text: string): void {
  request.session.flash = { kind, text };
}
