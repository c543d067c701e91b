import { once } from 'node:events';

/**
 * Ends everything that is under way at once. Each piece of work has a controller of its own, which is
 * gone when the work is: listeners on one shared signal, and signals composed of it (`AbortSignal.any`),
 * stay in memory until their time-outs are over.
 */
export function createCancellation() {
  const running = new Set<AbortController>();
  let isCancelled = false;

  /** Runs the work with a signal that aborts after so long, or when all is cancelled. */
  async function within<Result>(
    timeoutMs: number,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const controller = new AbortController();
    if (isCancelled) controller.abort();
    running.add(controller);
    const timer = setTimeout(() => controller.abort(), timeoutMs);
    try {
      return await work(controller.signal);
    } finally {
      clearTimeout(timer);
      running.delete(controller);
    }
  }

  return {
    within,
    /** Ends early, and never rejects, when all is cancelled. */
    async pause(ms: number): Promise<void> {
      await within(ms, async (signal) => {
        if (!signal.aborted) await once(signal, 'abort');
      });
    },
    isCancelled: () => isCancelled,
    cancel(): void {
      isCancelled = true;
      for (const controller of running) controller.abort();
    },
  };
}
