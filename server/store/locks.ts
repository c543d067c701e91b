import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database.ts';

const POLL_INTERVAL_MS = 50;

export class LockUnavailableError extends Error {
  readonly code = 'lock_unavailable';
}

export type Locks = ReturnType<typeof createLocks>;

/** Named locks that hold across processes and machines, as rows of the shared database. */
export function createLocks({
  database: { kysely },
  now,
}: {
  database: Database;
  now: () => number;
}) {
  async function take(name: string, holder: string, ttlMs: number): Promise<boolean> {
    const at = now();
    const row = { name, holder, held_until: at + ttlMs };
    const taken = await kysely
      .insertInto('locks')
      .values(row)
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet(row).where('locks.held_until', '<=', at),
      )
      .returning('holder')
      .executeTakeFirst();
    return taken !== undefined;
  }

  /** Only its own: after `ttlMs` the lock may be somebody else's. */
  async function release(name: string, holder: string): Promise<void> {
    await kysely
      .deleteFrom('locks')
      .where('name', '=', name)
      .where('holder', '=', holder)
      .execute();
  }

  return {
    /**
     * Runs `work` while nobody else runs any under the same name. `ttlMs` must exceed the longest
     * work: after it the lock passes to the next, so that a killed process blocks nobody for ever.
     * Throws LockUnavailableError when the lock does not become free within `waitMs`.
     */
    async withLock<Result>(
      name: string,
      { ttlMs, waitMs }: { ttlMs: number; waitMs: number },
      work: () => Promise<Result>,
    ): Promise<Result> {
      const holder = randomUUID();
      const giveUpAt = performance.now() + waitMs;
      while (!(await take(name, holder, ttlMs))) {
        if (performance.now() >= giveUpAt) {
          throw new LockUnavailableError(`The lock "${name}" was not free within ${waitMs} ms`);
        }
        await sleep(POLL_INTERVAL_MS);
      }
      try {
        return await work();
      } finally {
        await release(name, holder);
      }
    },
  };
}
