import type { OutgoingCall } from '../../observe.ts';
import type { Tracer } from './create-tracer.ts';
import { redactCall, type WireCall } from './redact-call.ts';
import type { Step } from './store/trace-schema.ts';

/**
 * Adds a call to the trace it belongs to, with its secrets masked. It waits for the whole answer, and
 * fails when that never comes.
 */
export async function traceCall(
  { tracer, now }: { tracer: Tracer; now: () => number },
  { operation, url, init }: OutgoingCall,
  send: () => Promise<Response>,
): Promise<Response> {
  const { method, headers, body = null } = init;
  // Steps stand in the order in which they began; the call is described once it has ended.
  const step: Step = { key: operation, at: now(), values: {}, call: null };
  tracer.add(step);
  const started = performance.now();
  let answer: WireCall['answer'] = null;
  try {
    const response = await send();
    answer = { status: response.status, headers: response.headers, body: null };
    answer.body = await response.text();
    // The text was read here, so whoever asked for the answer gets one that has not been read.
    return new Response(answer.body === '' ? null : answer.body, response);
  } finally {
    const durationMs = Math.round(performance.now() - started);
    step.call = redactCall({ method, url, headers, body, answer, durationMs });
  }
}
