import { setTimeout as sleep } from 'node:timers/promises';
import { RemoteError } from '../../../remote-error.ts';
import type { Connection } from '../store/schema.ts';

/** A limit per second is over while a customer waits; a longer one is said at once. */
const LONGEST_WAIT_MS = 3_000;

/** The calls of one connection in this process. */
interface Line {
  atOnce: number;
  running: number;
  waiting: (() => void)[];
  /** The limit that the service named, and until when it holds, in epoch milliseconds. */
  limit?: { error: RemoteError; until: number };
}

export type Turns = ReturnType<typeof createTurns>;

/** Lets no more calls of a connection run at once than its owner wants, nor any while the service limits it. */
export function createTurns({ now }: { now: () => number }) {
  const lines = new Map<string, Line>();

  /** Whoever waits counts from when it is let in, not from when it goes on: nobody comes in between. */
  function letIn(line: Line): void {
    while (line.running < line.atOnce && line.waiting.length > 0) {
      line.running += 1;
      line.waiting.shift()?.();
    }
  }

  function begin(line: Line): Promise<void> {
    return new Promise((resolve) => {
      line.waiting.push(resolve);
      letIn(line);
    });
  }

  function end(id: string, line: Line): void {
    line.running -= 1;
    letIn(line);
    const isLimited = (line.limit?.until ?? 0) > now();
    if (line.running === 0 && !isLimited) lines.delete(id);
  }

  /** Waits a short limit out. @throws RemoteError, the service's own, while a longer one holds. */
  async function heedLimit({ limit }: Line): Promise<void> {
    const left = (limit?.until ?? 0) - now();
    if (limit === undefined || left <= 0) return;
    if (left > LONGEST_WAIT_MS) throw limit.error;
    await sleep(left);
  }

  return {
    /** Runs the work when it is its turn. @throws what the work throws, and the limit's RemoteError */
    async run<Value>(
      { id, concurrency }: Pick<Connection, 'id' | 'concurrency'>,
      work: () => Promise<Value>,
    ): Promise<Value> {
      const line: Line = lines.get(id) ?? { atOnce: concurrency, running: 0, waiting: [] };
      lines.set(id, line);
      // Its owner may have changed it.
      line.atOnce = concurrency;
      await begin(line);
      try {
        await heedLimit(line);
        return await work();
      } catch (error) {
        const isLimit = error instanceof RemoteError && error.status === 429;
        const until = now() + (isLimit ? (error.retryAfterMs ?? 0) : 0);
        if (isLimit && until > Math.max(now(), line.limit?.until ?? 0))
          line.limit = { error, until };
        throw error;
      } finally {
        end(id, line);
      }
    },
  };
}
