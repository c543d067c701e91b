import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { clientErrorOf, Refused } from '../refused.ts';

export function answerMissingPage(): RequestHandler {
  return (_request, response) => {
    response.status(404).render('problem', {
      title: 'Not found',
      problem: 'The sandbox has no such page.',
    });
  };
}

export function answerPageError(log: (line: string) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    if (response.headersSent) {
      endBegun(response, error, log);
      return;
    }
    if (error instanceof Refused) {
      response.status(error.status).render('problem', { title: 'Refused', problem: error.message });
      return;
    }
    const status = clientErrorOf(error);
    if (status !== undefined) {
      const problem =
        status === 413
          ? 'This is more than the sandbox takes in at once.'
          : 'The sandbox cannot read this address, or what was sent there.';
      response.status(status).render('problem', { title: 'Refused', problem });
      return;
    }
    logError(error, log);
    response.status(500).render('problem', {
      title: 'Something went wrong',
      problem: 'The sandbox could not finish this. Its log says why.',
    });
  };
}

/** An answer that has begun. Express would do the same, and print the error with all that it carries, tokens too. */
export function endBegun(response: Response, error: unknown, log: (line: string) => void): void {
  logError(error, log);
  response.destroy();
}

export function logError(error: unknown, log: (line: string) => void): void {
  log(`sandbox error: ${error instanceof Error ? error.stack : String(error)}`);
}
