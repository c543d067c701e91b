import type { Request, RequestHandler, Response } from 'express';
import type { Faults } from './faults/create-faults.ts';

/** One API call as it came and was answered. */
export interface RecordedCall<Name extends string> {
  operation: Name;
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
  /** null: never answered. */
  status: number | null;
  answer: unknown;
  /** When it came, in epoch milliseconds, and how long the answer took. */
  startedAt: number;
  durationMs: number;
}

export interface Calls<Name extends string> {
  all: RecordedCall<Name>[];
  add(call: RecordedCall<Name>): void;
}

/** @param kept How many of the newest calls are kept. */
export function createCalls<Name extends string>(kept: number): Calls<Name> {
  const all: RecordedCall<Name>[] = [];
  return {
    all,
    add(call) {
      if (kept > 0) all.push(call);
      if (all.length > kept) all.shift();
    },
  };
}

export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export type Work = (request: Request) => Answer | Promise<Answer>;

/** What an armed fault asks for. */
export interface ArmedRefusal {
  status: number;
  /** Seconds. */
  retryAfter?: number | undefined;
}

interface RunnerOptions<Name extends string> {
  faults: Faults;
  calls: Calls<Name>;
  /** The service's wording of what its work threw; undefined: not a refusal but our mistake. */
  showError: (error: unknown) => Answer | undefined;
  /** The service's wording of an armed fault. */
  showRefusal: (refusal: ArmedRefusal) => Answer;
}

/** What something in between says in the place of the service. */
const HTML_PAGE = '<!doctype html><title>Error</title><h1>The service is unavailable</h1>';
const PROXY_JSON = JSON.stringify({ message: 'Forbidden' });
const SIGN_IN = 'https://sign-in.example/';

/** Wraps what the API calls of every service have in common: faults, error bodies, the record. */
export function createOperationRunner<Name extends string>(options: RunnerOptions<Name>) {
  const { faults, calls, showError, showRefusal } = options;

  async function carryOut(work: Work, request: Request): Promise<Answer> {
    try {
      return await work(request);
    } catch (error) {
      const answer = showError(error);
      if (!answer) throw error;
      return answer;
    }
  }

  return (name: Name, work: Work): RequestHandler =>
    async (request, response) => {
      const fault = faults.takeForOperation(name);
      const startedAt = Date.now();
      const record = (status: number | null, answer: unknown) =>
        calls.add({
          ...describeRequest(request),
          operation: name,
          status,
          answer,
          startedAt,
          durationMs: Date.now() - startedAt,
        });
      switch (fault?.kind) {
        case 'hang':
          record(null, undefined);
          return;
        case 'html':
          record(fault.status, HTML_PAGE);
          response.status(fault.status).type('html').send(HTML_PAGE);
          return;
        case 'proxyJson':
          record(fault.status, PROXY_JSON);
          response.status(fault.status).type('json').send(PROXY_JSON);
          return;
        case 'redirect':
          record(302, '');
          response.redirect(302, SIGN_IN);
          return;
        case 'dropAnswer':
          record(null, (await carryOut(work, request)).body);
          request.socket.destroy();
          return;
        default: {
          const answer =
            fault?.kind === 'answer' ? showRefusal(fault) : await carryOut(work, request);
          record(answer.status, answer.body);
          send(response, answer);
        }
      }
    };
}

/** Of a file only how large it is: a thousand of them would not fit into memory. */
function describeRequest({ method, originalUrl, headers, body }: Request) {
  const shown: unknown = Buffer.isBuffer(body) ? `(${body.length} bytes)` : body;
  return { method, path: originalUrl, headers, body: shown };
}

function send(response: Response, { status, body, headers = {} }: Answer) {
  response.status(status).set(headers).json(body);
}
