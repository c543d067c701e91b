import type { Request, RequestHandler } from 'express';
import type { Faults } from '../faults/create-faults.ts';
import { createOperationRunner } from '../operations.ts';
import type { Answer, ArmedRefusal, Calls } from '../operations.ts';
import { ApiError, Refused } from '../refused.ts';
import type { State } from '../state/state.ts';
import { authenticate } from './authenticate.ts';
import type { Caller } from './authenticate.ts';
import type { HeaderCheck } from './create-header-check.ts';
import { showError, showStatus } from './errors.ts';
import type { ZendeskOperation } from './operation-names.ts';

type CallerWork = (caller: Caller, request: Request) => Answer | Promise<Answer>;

interface OperationsOptions {
  state: State;
  faults: Faults;
  calls: Calls<ZendeskOperation>;
  headerCheck: HeaderCheck;
}

export type Operations = ReturnType<typeof createOperations>;

export function createOperations({ state, faults, calls, headerCheck }: OperationsOptions) {
  /** An API call that needs no access token. */
  const openOperation = createOperationRunner<ZendeskOperation>({
    faults,
    calls,
    showError: (error) => {
      if (error instanceof ApiError) return showError(error);
      return error instanceof Refused ? showStatus(error.status, error.message) : undefined;
    },
    showRefusal,
  });

  /** An API call made with an access token. */
  const operation = (name: ZendeskOperation, work: CallerWork): RequestHandler =>
    openOperation(name, (request) => {
      const caller = authenticate(state, request);
      headerCheck.note(caller.installation.id, name, request.headers);
      return work(caller, request);
    });

  return { openOperation, operation };
}

function showRefusal({ status, retryAfter }: ArmedRefusal): Answer {
  const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
  return { ...showStatus(status, `Refused with ${status} by an armed fault`), headers };
}
