import type { Step } from '../store/trace-schema.ts';
import type { Tracer } from './create-tracer.ts';
import { redactCall, type WireCall } from './redact-call.ts';

/** `fetch`, told which operation of Zendesk's API it is for. */
export type TracedFetch = (
  operation: string,
  url: string,
  init: RequestInit & { method: string; headers: Record<string, string>; body?: string },
) => Promise<Response>;

/** A `fetch` that adds each call to the trace it belongs to, with its secrets masked. */
export function createTracedFetch(options: { tracer: Tracer; now: () => number }): TracedFetch {
  const { tracer, now } = options;

  return async function tracedFetch(operation, url, init) {
    if (!tracer.isRunning()) return await fetch(url, init);
    const { method, headers, body = null } = init;
    const sent = { method, url, headers, body };
    const step: Step = { key: operation, at: now(), values: {}, call: null };
    tracer.add(step);
    const started = performance.now();
    const complete = (answer: WireCall['answer']) => {
      const durationMs = Math.round(performance.now() - started);
      step.call = redactCall({ ...sent, answer, durationMs });
    };
    complete(null);
    try {
      const response = await fetch(url, init);
      // Should the rest of the answer never come, whoever asked for it finds out by reading it.
      const text = await response
        .clone()
        .text()
        .catch(() => null);
      complete({ status: response.status, headers: response.headers, body: text });
      return response;
    } catch (error) {
      complete(null);
      throw error;
    }
  };
}
