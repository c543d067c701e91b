import { Router } from 'express';
import type { Response } from 'express';
import type { Fault } from '../../faults/fault.ts';
import type { Platform } from '../../platform/create-platform.ts';

/** The page where things are made to go wrong. */
export function createFaultRoutes({ platform }: { platform: Pick<Platform, 'faults' | 'state'> }) {
  const { faults, state } = platform;
  const router = Router();

  function render(response: Response, problem?: string) {
    const armedFaults = faults
      .list()
      .map(({ id, fault, remaining }) => ({ id, remaining, text: describeFault(fault) }));
    const accounts = [...state.accounts.values()];
    response
      .status(problem === undefined ? 200 : 400)
      .render('faults/faults', { accounts, armedFaults, operations: faults.operations, problem });
  }

  router.get('/', (_request, response) => render(response));

  router.post('/', (request, response) => {
    const problem = faults.armFromForm(withoutBlanks(request.body));
    if (problem === undefined) response.redirect(303, '/faults');
    else render(response, problem);
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
function withoutBlanks(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

/** The fault in words, for the list of armed ones. */
function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'answer': {
      const wait = fault.retryAfter === undefined ? '' : `, Retry-After ${fault.retryAfter} s`;
      return `${nameCalls(fault.operation)}: refused with ${fault.status}${wait}`;
    }
    case 'hang':
      return `${nameCalls(fault.operation)}: never answered`;
    case 'dropAnswer':
      return `${nameCalls(fault.operation)}: carried out, then the connection drops`;
    case 'html':
      return `${nameCalls(fault.operation)}: answered with an HTML page (${fault.status})`;
    case 'proxyJson':
      return `${nameCalls(fault.operation)}: answered with a proxy’s JSON (${fault.status})`;
    case 'redirect':
      return `${nameCalls(fault.operation)}: sent to a sign-in page`;
    case 'oauthErrors':
      return 'GetToken: refusals worded as in RFC 6749';
    case 'duplicateDelivery':
      return 'Delivery sent twice';
    case 'batchDeliveries':
      return 'Delivery held until it comes in one with the next';
    case 'reorderDeliveries':
      return 'Delivery held until the next one was sent';
    case 'failChannelDelivery':
      return 'Message reaches no channel';
    case 'failLink':
      return 'Link of a channel finds nobody';
    case 'loseRemoveCallback':
      return 'Remove callback lost';
  }
}

function nameCalls(operation: string): string {
  return operation === 'any' ? 'Any call' : operation;
}
