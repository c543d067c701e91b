import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { TraceKind } from './store/trace-schema.ts';
import type { TraceStore } from './store/traces.ts';
import type { RemoteFetch } from '../../remote-call.ts';
import { createTracedFetch } from './create-traced-fetch.ts';
import { createTracer, type Tracer } from './create-tracer.ts';

interface TraceSubject {
  installationId: string;
  kind: TraceKind;
  title: string;
}

export interface Explain {
  tracer: Tracer;
  fetch: RemoteFetch;
  /** Stores the steps of the running trace. Never fails: what it explains has happened anyway. */
  keepTrace: (subject: TraceSubject) => Promise<void>;
  /**
   * Runs work and stores what it did as a trace, also when it fails; within the trace of a larger piece
   * of work it adds to that one instead.
   */
  traceWork: <Result>(subject: TraceSubject, work: () => Promise<Result>) => Promise<Result>;
}

/** What the timeline of the status page is made with. */
export function createExplain(options: {
  traces: TraceStore;
  now: () => number;
  log: Log;
}): Explain {
  const { traces, now, log } = options;
  const tracer = createTracer({ now });

  async function keepTrace(subject: TraceSubject): Promise<void> {
    const steps = tracer.steps();
    if (steps.length === 0) return;
    try {
      await traces.add({ ...subject, steps });
    } catch (error) {
      const { installationId } = subject;
      log.warn({ error, installationId }, `A trace could not be stored: ${messageOf(error)}`);
    }
  }

  return {
    tracer,
    fetch: createTracedFetch({ tracer, now }),
    keepTrace,
    async traceWork(subject, work) {
      if (tracer.isRunning()) return await work();
      return await tracer.run(async () => {
        try {
          return await work();
        } finally {
          await keepTrace(subject);
        }
      });
    },
  };
}
