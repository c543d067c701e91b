import type { Step } from './store/trace-schema.ts';
import type { Tracer } from './create-tracer.ts';
import type { RemoteFetch } from '../../remote-call.ts';
import { redactCall, type WireCall } from './redact-call.ts';

/**
 * A `fetch` that adds each call to the trace it belongs to, with its secrets masked. Within a trace it
 * waits for the whole answer, and fails when that never comes.
 */
export function createTracedFetch(options: { tracer: Tracer; now: () => number }): RemoteFetch {
  const { tracer, now } = options;

  return async function tracedFetch(operation, url, init) {
    if (!tracer.isRunning()) return await fetch(url, init);
    const { method, headers, body = null } = init;
    // Steps stand in the order in which they began; the call is described once it has ended.
    const step: Step = { key: operation, at: now(), values: {}, call: null };
    tracer.add(step);
    const started = performance.now();
    let answer: WireCall['answer'] = null;
    try {
      const response = await fetch(url, init);
      answer = { status: response.status, headers: response.headers, body: null };
      answer.body = await response.text();
      // The text was read here, so whoever asked for the answer gets one that has not been read.
      return new Response(answer.body === '' ? null : answer.body, response);
    } finally {
      const durationMs = Math.round(performance.now() - started);
      step.call = redactCall({ method, url, headers, body, answer, durationMs });
    }
  };
}
