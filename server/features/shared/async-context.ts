import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What belongs to a piece of work, for whatever it awaits, until it ends. Enabled while there is some: before
 * Node 24 it makes every promise of the process dearer, an answer by half.
 */
export function createAsyncContext<Value>() {
  const storage = new AsyncLocalStorage<{ value: Value | undefined }>();
  let running = 0;

  return {
    async run<Result>(value: Value, work: () => Promise<Result>): Promise<Result> {
      running += 1;
      const own: { value: Value | undefined } = { value };
      try {
        return await storage.run(own, work);
      } finally {
        // A storage that is disabled goes on in what outlives the work (findings/node-disabled-storage-goes-on.sh).
        own.value = undefined;
        running -= 1;
        if (running === 0) storage.disable();
      }
    },
    /** Undefined outside of any work, and in what was started in one and outlives it. */
    get: () => storage.getStore()?.value,
  };
}
