import type { RequestHandler } from 'express';

const MAX_BYTES = 100 * 1024;

/** Nothing here needs a large body, and files that programs upload are kept in memory. */
export function refuseLargeBodies(): RequestHandler {
  return ({ headers }, response, next) => {
    const isOfUnknownLength = headers['transfer-encoding'] !== undefined;
    if (!isOfUnknownLength && Number(headers['content-length'] ?? 0) <= MAX_BYTES) {
      next();
      return;
    }
    response
      .status(isOfUnknownLength ? 411 : 413)
      .set('Connection', 'close')
      .end();
  };
}
