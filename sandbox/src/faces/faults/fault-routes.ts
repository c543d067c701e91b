import { Router } from 'express';
import type { Response } from 'express';
import type { Faults } from '../../faults/create-faults.ts';
import { describeFault } from './describe-fault.ts';
import {
  faultSchema,
  zendeskOperations,
  zocksOperations,
  zoomOperations,
} from '../../faults/fault.ts';

const operations = { Zendesk: zendeskOperations, Zoom: zoomOperations, Zocks: zocksOperations };

/** The page where things are made to go wrong. */
export function createFaultRoutes({ faults }: { faults: Faults }) {
  const router = Router();

  function render(response: Response, problem?: string) {
    const armedFaults = faults
      .list()
      .map(({ id, fault, remaining }) => ({ id, remaining, text: describeFault(fault) }));
    response
      .status(problem === undefined ? 200 : 400)
      .render('faults/faults', { armedFaults, operations, problem });
  }

  router.get('/', (_request, response) => render(response));

  router.post('/', (request, response) => {
    const fault = faultSchema.safeParse(withoutBlanks(request.body));
    if (!fault.success) {
      const [issue] = fault.error.issues;
      render(response, `${issue?.path.join('.')}: ${issue?.message}`);
      return;
    }
    faults.arm(fault.data);
    response.redirect(303, '/faults');
  });

  router.post('/reset', (_request, response) => {
    faults.clear();
    response.redirect(303, '/faults');
  });

  router.post('/:id/disarm', (request, response) => {
    faults.disarm(request.params.id);
    response.redirect(303, '/faults');
  });

  return router;
}

/** A form sends its empty fields, too. */
function withoutBlanks(body: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body ?? {}).filter(([, value]) => value !== ''));
}
