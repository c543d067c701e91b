import { AsyncLocalStorage } from 'node:async_hooks';
import type { OutgoingCall } from '../../observe.ts';
import type { RemoteAnswer } from '../../send-request.ts';
import type { StepKey } from './catalogue.ts';
import { redactCall, type WireCall } from './redact-call.ts';
import { mask } from './secrets.ts';
import { FORM } from './to-curl.ts';
import type { Call, Step } from './traces.ts';

/** A bot that sends hundreds of messages at once is understood from the first ones. */
const MAX_STEPS = 50;

export interface Tracer {
  /** Runs the work with a trace of its own, which all it awaits adds to. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  isRunning(): boolean;
  /** Adds a step that was taken, with what belongs into the blanks of its sentence. */
  note(key: StepKey, values?: Step['values'], details?: { at?: number; call?: Call }): void;
  /** Adds a step as it is; one that is under way may be completed later. */
  add(step: Step): void;
  /** The steps so far, in the order in which they began; none outside a trace. */
  steps(): readonly Step[];
}

/** One for the process: before Node 24 each one that was ever used makes every promise dearer, for good. */
const storage = new AsyncLocalStorage<Step[]>();

/** Follows a piece of work through all the functions it awaits. */
export function createTracer({ now }: { now: () => number }): Tracer {
  function add(step: Step): void {
    const steps = storage.getStore();
    if (steps !== undefined && steps.length < MAX_STEPS) steps.push(step);
  }

  return {
    run: (work) => storage.run([], work),
    isRunning: () => storage.getStore() !== undefined,
    note: (key, values = {}, { at = now(), call = null } = {}) => add({ key, at, values, call }),
    add,
    steps: () => storage.getStore() ?? [],
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
  const { method } = init;
  const { headers, body } = spellBody(init);
  // Steps stand in the order in which they began; the call is described once it has ended.
  const step: Step = { key: operation, at: now(), values: {}, call: null };
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
    const shownUrl = init.isFile ? url.replace(/[?#].*/s, '') : url;
    step.call = redactCall({ method, url: shownUrl, headers, body, answer, durationMs });
  }
}

/** Of a form with a file what it is, not what is in it. */
function spellBody({ headers, body }: OutgoingCall['init']) {
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
  tracer.note('Authorize', {}, { at: askedAt, call: visit(href) });
  const returned = `${callback}?code=${mask('CODE')}&state=${state}`;
  tracer.note('code-returned', {}, { call: visit(returned) });
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
