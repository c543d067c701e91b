/**
 * Collects what many callers want written and writes it in one go: at once when idle, else as soon as
 * the last write ends. Waiting on purpose never made it faster (docs/decisions/0003).
 * Each caller's promise settles after the write that holds its item has ended.
 */
export function createBatcher<Item, Result>(options: {
  /** Writes the items in order; gives one result per item, in the same order. */
  write: (items: Item[]) => Promise<PromiseSettledResult<Result>[]>;
  maxItems: number;
}): (item: Item) => Promise<Result> {
  interface Waiting {
    item: Item;
    resolve: (result: Result) => void;
    reject: (reason: unknown) => void;
  }
  let queue: Waiting[] = [];
  let running = false;

  async function writeAll(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, options.maxItems);
      queue = queue.slice(options.maxItems);
      try {
        const results = await options.write(batch.map(({ item }) => item));
        batch.forEach(({ resolve, reject }, index) => {
          const result = results[index];
          if (result?.status === 'fulfilled') resolve(result.value);
          else
            reject(result?.reason ?? new Error('The batch ended without a result for this item.'));
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      // SQLite answers without leaving this turn of the event loop: let the next requests be read first.
      await new Promise(setImmediate);
    }
    running = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject });
      if (running) return;
      running = true;
      setImmediate(() => void writeAll());
    });
}
