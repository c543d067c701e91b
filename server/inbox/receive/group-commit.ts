import type { NewEvent } from '../../store/schema.ts';
import type { EventStore } from '../events.ts';
import { keyOf } from './insert-events.ts';

/** As many as one transaction holds. */
const MAX_ITEMS = 200;

/** Stores deliveries, those of the same moment in one transaction. `onStored` is told what has to wait. */
export function createAcceptor(
  store: Pick<EventStore, 'insert'>,
  onStored: (conversationKeys: string[]) => void,
) {
  return createGroupCommit(async (deliveries: NewEvent[][]) => {
    const events = deliveries.flat();
    const claimed = new Set((await store.insert(events)).map(keyOf));
    const waiting = events.filter(
      (event) => event.state === 'waiting' && !claimed.has(keyOf(event)),
    );
    if (waiting.length > 0) onStored(waiting.map((event) => event.conversation_key));
  });
}

/**
 * Collects what many callers want written and writes it in one go, as soon as the last write has ended and
 * a turn of the event loop brings nothing more; no timer is waited for (docs/decisions/0003). When that
 * fails, items are written one by one, so that one that cannot be written does not fail its neighbours.
 * Returns a function whose promise settles as the write that holds its item does.
 */
export function createGroupCommit<Item, Result>(
  /** Writes the items in order, all or none. */
  writeAll: (items: Item[]) => Promise<Result>,
  maxItems = MAX_ITEMS,
): (item: Item) => Promise<Result> {
  interface Waiting {
    item: Item;
    resolve: (result: Result) => void;
    reject: (reason: unknown) => void;
  }
  let queue: Waiting[] = [];
  let running = false;

  async function write(batch: readonly Waiting[]): Promise<void> {
    try {
      const result = await writeAll(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve(result);
    } catch {
      for (const { item, resolve, reject } of batch) await writeAll([item]).then(resolve, reject);
    }
  }

  /** Of fifty that come together, one is read first: alone it would cost as much as the others. */
  async function collect(): Promise<void> {
    let before = 0;
    while (queue.length > before && queue.length < maxItems) {
      before = queue.length;
      await new Promise(setImmediate);
    }
  }

  async function run(): Promise<void> {
    while (queue.length > 0) {
      await collect();
      const batch = queue.slice(0, maxItems);
      queue = queue.slice(maxItems);
      await write(batch);
    }
    running = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject });
      if (running) return;
      running = true;
      setImmediate(() => void run());
    });
}
