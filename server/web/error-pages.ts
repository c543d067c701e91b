import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';

const HttpError = z.looseObject({ status: z.number().int().min(400).max(599) });

export const notFoundPage: RequestHandler = (_request, response) => {
  response.status(404).render('not-found', { title: 'Page not found' });
};

/** Turns anything thrown into a page that says what to do. Never a stack, never a foreign message. */
export function errorPage(log: Log): ErrorRequestHandler {
  return (thrown, request, response, next) => {
    const error = toAppError(thrown);
    const { requestId, wayOut = null } = response.locals;
    if (error.status >= 500) log.error({ error: thrown, requestId }, error.message);
    if (response.headersSent) return endBegun(response);
    if (error.code === 'not_found') return notFoundPage(request, response, next);
    const title = titleOf(error);
    const { message: explanation, hint } = error;
    const problem = { title, explanation, hint, wayOut, requestId };
    response.status(error.status).render('error', { title, problem });
  };
}

/** An answer that has begun. Express would do the same, and print the error with all that it carries, tokens too. */
export const endBegun = (response: Response): void => void response.destroy();

/** Express and its middleware throw errors with a `status`; what carries none is our own fault. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const { status = 500 } = HttpError.safeParse(thrown).data ?? {};
  if (status === 413) {
    const text = 'The request was too large.';
    const hint = 'Go back and send less.';
    return new AppError('request_too_large', text, hint, { status: 413, cause: thrown });
  }
  if (status === 415) {
    const text = 'The request was in a character set or compression that is not read here.';
    const hint = 'Send it as UTF-8, without compression.';
    return new AppError('request_encoding_unknown', text, hint, { status: 415, cause: thrown });
  }
  if (status < 500) {
    const text = 'The request could not be understood.';
    return new AppError('bad_request', text, 'Go back and try again.', { cause: thrown });
  }
  const hint =
    'Try again in a moment. If it goes on, give the request id to whoever runs this app.';
  const text = 'Something went wrong on our side.';
  return new AppError('unexpected', text, hint, { status: 500, cause: thrown });
}

function titleOf({ code, status }: AppError): string {
  if (code === 'signed_out') return 'You are signed out';
  if (status === 421) return 'Not our address';
  if (status === 500) return 'Something went wrong';
  return status === 403 ? 'This form has expired' : 'That did not work';
}
