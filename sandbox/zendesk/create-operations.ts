import type { Request, RequestHandler, Response } from 'express';
import type { Faults } from '../faults/create-faults.ts';
import type { OperationName } from '../faults/fault.ts';
import { ApiError } from '../platform/api-error.ts';
import type { State } from '../state/state.ts';
import { authenticate } from './authenticate.ts';
import type { Caller } from './authenticate.ts';
import type { Calls } from './create-calls.ts';
import type { HeaderCheck } from './create-header-check.ts';
import { showError, showStatus } from './show-error.ts';

interface Answer {
  status: number;
  body: unknown;
}

type Work = (request: Request) => Answer | Promise<Answer>;
type CallerWork = (caller: Caller, request: Request) => Answer | Promise<Answer>;

interface OperationsOptions {
  state: State;
  faults: Faults;
  calls: Calls;
  headerCheck: HeaderCheck;
}

export type Operations = ReturnType<typeof createOperations>;

/** What a proxy in front of an unreachable API says. */
const HTML_ERROR = '<!doctype html><title>Error</title><h1>The service is unavailable</h1>';

/** Wraps what every API call has in common: faults, authentication, error bodies, the record. */
export function createOperations({ state, faults, calls, headerCheck }: OperationsOptions) {
  /** An API call that needs no access token. */
  const openOperation =
    (name: OperationName, work: Work): RequestHandler =>
    async (request, response) => {
      const fault = faults.takeForOperation(name);
      const record = (status: number | null, answer: unknown) =>
        calls.add({ ...describeRequest(request), operation: name, status, answer });
      switch (fault?.kind) {
        case 'hang':
          record(null, undefined);
          return;
        case 'html':
          record(fault.status, HTML_ERROR);
          response.status(fault.status).type('html').send(HTML_ERROR);
          return;
        case 'answer': {
          const answer = showStatus(fault.status);
          record(answer.status, answer.body);
          if (fault.retryAfter !== undefined) response.set('Retry-After', `${fault.retryAfter}`);
          send(response, answer);
          return;
        }
        case 'dropAnswer':
          record(null, (await carryOut(work, request)).body);
          request.socket.destroy();
          return;
        default: {
          const answer = await carryOut(work, request);
          record(answer.status, answer.body);
          send(response, answer);
        }
      }
    };

  /** An API call made with an access token. */
  const operation = (name: OperationName, work: CallerWork): RequestHandler =>
    openOperation(name, (request) => {
      const caller = authenticate(state, request);
      headerCheck.note(caller.installation.id, name, request.headers);
      return work(caller, request);
    });

  return { openOperation, operation };
}

async function carryOut(work: Work, request: Request): Promise<Answer> {
  try {
    return await work(request);
  } catch (error) {
    if (error instanceof ApiError) return showError(error);
    throw error;
  }
}

function describeRequest({ method, originalUrl, headers, body }: Request) {
  return { method, path: originalUrl, headers, body };
}

function send(response: Response, { status, body }: Answer) {
  response.status(status).json(body);
}
