import type { OutgoingCall } from '../../observe.ts';
import type { RemoteAnswer } from '../../send-request.ts';
import { createAsyncContext } from '../shared/async-context.ts';
import type { StepKey } from './steps/catalogue.ts';
import { redactCall, type WireCall } from './redact-call.ts';
import { mask } from './secrets.ts';
import { FORM } from './to-curl.ts';
import type { Call, Step } from './traces.ts';

/** A bot that sends hundreds of messages at once is understood from the first ones. */
const MAX_STEPS = 50;

/** A step as it is noted; its call is described, without secrets, only when somebody keeps or shows it. */
interface NotedStep extends Omit<Step, 'call'> {
  describeCall: (() => Call) | null;
}

interface Trace {
  steps: NotedStep[];
  hasAllCalls: boolean;
}

interface Tracer {
  /** Runs the work with a trace of its own, which all it awaits adds to. */
  run<Result>(work: () => Promise<Result>, hasAllCalls?: boolean): Promise<Result>;
  /** Runs the work outside of any trace, wherever it was started from. */
  apart<Result>(work: () => Promise<Result>): Promise<Result>;
  isRunning(): boolean;
  /** Whether calls to the service belong to the trace: to Zendesk, unless it has all. */
  follows(service: string): boolean;
  /** Adds a step that was taken, with what belongs into the blanks of its sentence. */
  note(key: StepKey, values?: Step['values'], details?: { at?: number; call?: () => Call }): void;
  /** Adds a step as it is; one that is under way may be completed later. */
  add(step: NotedStep): void;
  /** How many steps there are so far. */
  count(): number;
  /** The steps so far, in the order in which they began; none outside a trace. */
  steps(): Step[];
}

/** One for the process: the trace goes along wherever the work leads. */
const traces = createAsyncContext<Trace | undefined>();

/** Follows a piece of work through all the functions it awaits. */
export function createTracer({ now }: { now: () => number }): Tracer {
  function add(step: NotedStep): void {
    const steps = traces.get()?.steps;
    if (steps !== undefined && steps.length < MAX_STEPS) steps.push(step);
  }

  return {
    run: (work, hasAllCalls = false) => traces.run({ steps: [], hasAllCalls }, work),
    apart: (work) => (traces.get() === undefined ? work() : traces.run(undefined, work)),
    isRunning: () => traces.get() !== undefined,
    follows(service) {
      const trace = traces.get();
      return trace !== undefined && (service === 'zendesk' || trace.hasAllCalls);
    },
    note: (key, values = {}, { at = now(), call } = {}) =>
      add({ key, at, values, describeCall: call ?? null }),
    add,
    count: () => traces.get()?.steps.length ?? 0,
    steps: () =>
      (traces.get()?.steps ?? []).map(({ describeCall, ...step }) => ({
        ...step,
        call: describeCall?.() ?? null,
      })),
  };
}

/**
 * Adds a call to the trace it belongs to, with its secrets masked. It waits for the whole answer, and
 * fails when that never comes; a file it does not read, nor keep what signs its address.
 */
export async function traceCall<Answer extends RemoteAnswer>(
  { tracer, now }: { tracer: Tracer; now: () => number },
  { operation, url, init }: OutgoingCall,
  send: () => Promise<Answer>,
): Promise<Answer> {
  // Steps stand in the order in which they began; the call is described once it has ended.
  const step: NotedStep = { key: operation, at: now(), values: {}, describeCall: null };
  tracer.add(step);
  const started = performance.now();
  let answer: WireCall['answer'] = null;
  try {
    const response = await send();
    answer = { status: response.status, headers: response.headers, body: null };
    if (init.isFile) return response;
    // Whoever asked for the answer gets one that has not been read.
    answer.body = await response.clone().text();
    return response;
  } finally {
    const durationMs = Math.round(performance.now() - started);
    step.describeCall = () => describeWireCall(url, init, answer, durationMs);
  }
}

function describeWireCall(
  url: string,
  init: OutgoingCall['init'],
  answer: WireCall['answer'],
  durationMs: number,
): Call {
  const { method, isFile } = init;
  const shownUrl = isFile ? url.replace(/[?#].*/s, '') : url;
  return redactCall({ method, url: shownUrl, ...spellBody(init), answer, durationMs });
}

function readType(headers: Record<string, string>): string {
  return Object.entries(headers).find(([name]) => /^content-type$/i.test(name))?.[1] ?? '';
}

/** Of a form with a file what it is, not what is in it. */
function spellBody({ headers, body }: OutgoingCall['init']) {
  // Where a form's secrets are found by their names, as in JSON.
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(readType(headers));
  if (typeof body === 'string' && isForm)
    return { headers, body: JSON.stringify(Object.fromEntries(new URLSearchParams(body))) };
  if (!(body instanceof FormData)) return { headers, body: body ?? null };
  const parts = [...body].map(([name, value]) => {
    if (typeof value === 'string') return [name, value];
    return [name, { name: value.name, mediaType: value.type, bytes: value.size }];
  });
  return {
    headers: { ...headers, 'Content-Type': FORM },
    body: JSON.stringify(Object.fromEntries(parts)),
  };
}

/** The steps that the browser took between our two requests, told once it is back. */
export function noteConsent(
  tracer: Tracer,
  { askedAt, authorizationUrl }: { askedAt: number; authorizationUrl: string },
): void {
  const url = new URL(authorizationUrl);
  const callback = url.searchParams.get('redirect_uri');
  const state = mask('STATE');
  url.searchParams.set('state', state);
  const href = url.href.replace(encodeURIComponent(state), state);
  tracer.note('Authorize', {}, { at: askedAt, call: () => visit(href) });
  const returned = `${callback}?code=${mask('CODE')}&state=${state}`;
  tracer.note('code-returned', {}, { call: () => visit(returned) });
  tracer.note('state-checked');
}

/** A redirect that the browser followed; its answer is between the browser and Zendesk. */
function visit(url: string): Call {
  return {
    method: 'GET',
    url,
    requestHeaders: {},
    requestBody: null,
    status: null,
    durationMs: null,
    responseHeaders: {},
    responseBody: null,
  };
}
