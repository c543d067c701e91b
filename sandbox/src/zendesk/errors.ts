import type { ErrorRequestHandler, RequestHandler } from 'express';
import { ApiError, clientErrorOf } from '../refused.ts';
import { endBegun, logError } from '../web/answer-page-failures.ts';

const CODES = new Map([
  [400, 'bad_request'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [413, 'payload_too_large'],
  [423, 'locked'],
  [429, 'too_many_requests'],
]);

/** The platform's error body. */
export function showError({ status, code, titles }: ApiError) {
  return { status, body: { errors: titles.map((title) => ({ code, title })) } };
}

/** The platform's error body for a refusal that is not its own. */
export function showStatus(status: number, title: string) {
  const code = CODES.get(status) ?? (status >= 500 ? 'internal_error' : 'bad_request');
  return showError(new ApiError(status, code, title));
}

export function answerUnknownRoute(): RequestHandler {
  const { status, body } = showError(new ApiError(404, 'route_not_found', 'Route not found'));
  return (_request, response) => {
    response.status(status).json(body);
  };
}

export function answerError(log: (line: string) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    if (response.headersSent) {
      endBegun(response, error, log);
      return;
    }
    const { status, body } = showError(toApiError(error, log));
    response.status(status).json(body);
  };
}

/** The status of what is too large or cannot be read is not documented; these are our choices. */
function toApiError(error: unknown, log: (line: string) => void): ApiError {
  const status = clientErrorOf(error);
  if (status === 413) return new ApiError(413, 'payload_too_large', 'Payload too large');
  if (status !== undefined) return new ApiError(400, 'bad_request', 'Bad request');
  logError(error, log);
  return new ApiError(500, 'internal_error', 'Internal error');
}
