import type { RequestHandler } from 'express';
import type { Database } from '../store/database.ts';

export const healthz: RequestHandler = (_request, response) => {
  response.json({ status: 'ok' });
};

/** Ready: the database answers, the migrations ran (the app does not start before), no shutdown yet. */
export function createReadyz(options: {
  database: Database;
  isOpen: () => boolean;
}): RequestHandler {
  return async (_request, response) => {
    const answers = await options.database.ping().then(
      () => true,
      () => false,
    );
    const ready = answers && options.isOpen();
    response
      .status(ready ? 200 : 503)
      .json({ status: ready ? 'ready' : 'not ready', database: answers });
  };
}
