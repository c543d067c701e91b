import { randomBytes } from 'node:crypto';
import express, { type RequestHandler } from 'express';
import { csrfSync } from 'csrf-sync';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { limitPerMinute } from './rate-limits.ts';

const Form = z.looseObject({ _csrf: z.string() });
const TOKEN_BYTES = 32;

const readFields = express.urlencoded({ extended: false, limit: '100kb' });

const { isRequestValid, generateToken } = csrfSync({
  size: TOKEN_BYTES,
  getTokenFromRequest: (request) => unmask(Form.safeParse(request.body).data?._csrf ?? ''),
});

/** Ahead of the handler of a form: so many a minute, its fields, its CSRF token. */
export function acceptForm(perMinute: number): RequestHandler[] {
  return [limitPerMinute(perMinute), readFields, requireCsrfToken];
}

/** @throws AppError `form_expired` without the session's token, `signed_out` without a session. */
const requireCsrfToken: RequestHandler = (request, { locals }, next) => {
  // Whoever signed out in another tab has no page to go back to.
  if (request.session.ownerId === undefined) {
    locals['wayOut'] = { href: '/install', text: 'Add to Zendesk' };
    const text = 'This browser was signed out in the meantime, so nothing was done.';
    const hint = 'To come back to an account, add the bot to it again.';
    throw new AppError('signed_out', text, hint, { status: 403 });
  }
  if (!isRequestValid(request)) {
    const text = 'The form was too old, or came from another site.';
    const hint = 'Go back, reload the page and send the form again.';
    throw new AppError('form_expired', text, hint, { status: 403 });
  }
  next();
};

/** Gives pages the token for their forms; a browser without a session gets none and sees no forms. */
export const offerCsrfToken: RequestHandler = (request, response, next) => {
  if (request.session.ownerId !== undefined)
    response.locals['csrfToken'] = mask(generateToken(request));
  next();
};

/**
 * The token under a new random pad, and the pad, in base64url. Proxies compress pages, and a secret that
 * is the same in each can be guessed from their sizes (BREACH, https://www.breachattack.com).
 */
function mask(token: string): string {
  const pad = randomBytes(TOKEN_BYTES);
  return Buffer.concat([pad, xor(Buffer.from(token, 'hex'), pad)]).toString('base64url');
}

/** The token of a masked one; undefined when it is none. */
function unmask(masked: string): string | undefined {
  const bytes = Buffer.from(masked, 'base64url');
  if (bytes.length !== 2 * TOKEN_BYTES) return undefined;
  return xor(bytes.subarray(TOKEN_BYTES), bytes.subarray(0, TOKEN_BYTES)).toString('hex');
}

function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, index) => byte ^ (other[index] ?? 0)));
}
