import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What belongs to a piece of work, for whatever it awaits. Enabled while there is some: before Node 24 it
 * makes every promise of the process dearer, an answer by half.
 */
export function createAsyncContext<Value>() {
  const storage = new AsyncLocalStorage<Value>();
  let running = 0;

  return {
    async run<Result>(value: Value, work: () => Promise<Result>): Promise<Result> {
      running += 1;
      try {
        return await storage.run(value, work);
      } finally {
        running -= 1;
        if (running === 0) storage.disable();
      }
    },
    /** Undefined outside of any work. */
    get: () => storage.getStore(),
  };
}
