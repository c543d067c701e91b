import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';

const MAX_BYTES = 100 * 1024;

/** Nothing here needs a large body, and files that programs upload are kept in memory. */
export function refuseLargeBodies(): RequestHandler {
  return (request, response, next) => {
    const isOfUnknownLength = request.headers['transfer-encoding'] !== undefined;
    if (!isOfUnknownLength && lengthOf(request) <= MAX_BYTES) {
      next();
      return;
    }
    response.status(isOfUnknownLength ? 411 : 413).set('Connection', 'close');
    if (request.accepts(['json', 'html']) !== 'html') {
      response.end();
      return;
    }
    const problem = `In the public demo a file, or anything else that is sent, has ${MAX_BYTES / 1024} KB at most.`;
    response.render('problem', { title: 'Too large', problem });
  };
}

/** Of a request's body, in bytes. */
export function lengthOf({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}
