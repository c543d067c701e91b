import type { Step } from '../store/trace-schema.ts';
import type { Tracer } from './create-tracer.ts';
import { redactCall, type WireCall } from './redact-call.ts';

/** `fetch`, told which operation of Zendesk's API it is for. */
export type TracedFetch = (
  operation: string,
  url: string,
  init: RequestInit & { method: string; headers: Record<string, string>; body?: string },
) => Promise<Response>;

/**
 * A `fetch` that adds each call to the trace it belongs to, with its secrets masked. Within a trace it
 * waits for the whole answer, and fails when that never comes.
 */
export function createTracedFetch(options: { tracer: Tracer; now: () => number }): TracedFetch {
  const { tracer, now } = options;

  return async function tracedFetch(operation, url, init) {
    if (!tracer.isRunning()) return await fetch(url, init);
    const { method, headers, body = null } = init;
    const started = performance.now();
    let answer: WireCall['answer'] = null;
    const describeCall = () => {
      const durationMs = Math.round(performance.now() - started);
      return redactCall({ method, url, headers, body, answer, durationMs });
    };
    // Should the trace be stored before the answer comes, it says that there was none.
    const step: Step = { key: operation, at: now(), values: {}, call: describeCall() };
    tracer.add(step);
    try {
      const response = await fetch(url, init);
      const { status, headers: answerHeaders } = response;
      answer = { status, headers: answerHeaders, body: null };
      answer.body = await response.clone().text();
      return response;
    } finally {
      step.call = describeCall();
    }
  };
}
