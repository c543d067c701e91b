import type { RequestHandler } from 'express';
import { csrfSync } from 'csrf-sync';
import { z } from 'zod';

const Form = z.looseObject({ _csrf: z.string() });

const { csrfSynchronisedProtection, generateToken } = csrfSync({
  getTokenFromRequest: (request) => Form.safeParse(request.body).data?._csrf,
});

/** Refuses a form without the session's token (403, code EBADCSRFTOKEN). */
export const requireCsrfToken: RequestHandler = csrfSynchronisedProtection;

/** Gives pages the token for their forms; a browser without a session gets none and sees no forms. */
export const offerCsrfToken: RequestHandler = (request, response, next) => {
  response.locals['csrfToken'] =
    request.session.ownerId === undefined ? undefined : generateToken(request);
  next();
};
