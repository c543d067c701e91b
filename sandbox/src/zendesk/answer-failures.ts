import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';
import { ApiError } from '../platform/api-error.ts';
import { showError } from './show-error.ts';

export function answerUnknownRoute(): RequestHandler {
  const { status, body } = showError(new ApiError(404, 'route_not_found', 'Route not found'));
  return (_request, response) => {
    response.status(status).json(body);
  };
}

/** How the body parser words its refusals. */
const parserErrorSchema = z.object({ type: z.string(), status: z.int().min(400).max(499) });

export function answerError(log: (line: string) => void): ErrorRequestHandler {
  return (error, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const { status, body } = showError(toApiError(error, log));
    response.status(status).json(body);
  };
}

/** The status of a body that is too large or no JSON is not documented; these are our choices. */
function toApiError(error: unknown, log: (line: string) => void): ApiError {
  const parserError = parserErrorSchema.safeParse(error).data;
  if (parserError?.type === 'entity.too.large') {
    return new ApiError(413, 'payload_too_large', 'Payload too large');
  }
  if (parserError) return new ApiError(400, 'bad_request', 'Bad request');
  log(`sandbox error: ${error instanceof Error ? error.stack : String(error)}`);
  return new ApiError(500, 'internal_error', 'Internal error');
}
