import { Router } from 'express';
import type { Calls } from '../../operations.ts';
import { toHar } from './har.ts';

/** What bots have called, newest first, and everything that is kept of it as a file. */
export function createCallsRoutes({ calls, url }: { calls: Calls<string>; url: string }) {
  const router = Router();

  router.get('/', (_request, response) => {
    response.render('calls/calls', {
      calls: calls.all.toReversed().slice(0, 100),
      count: calls.all.length,
    });
  });

  router.get('/calls.har', (_request, response) => {
    response
      .attachment('calls.har')
      .type('json')
      .send(JSON.stringify(toHar(calls.all, url), null, 2));
  });

  return router;
}
