import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { leaseEnd, sharedTime, type StoreDeps } from '../engines/database.ts';
import { deleteInSlices } from '../slices.ts';

const POLL_INTERVAL_MS = 50;
/** A lock whose holder was killed is free after this long. */
export const LEASE_MS = 4_000;
/** By then nobody has asked again for the lock of a holder that was killed. */
const KEPT_MS = 24 * 60 * 60_000;
/** Names this process in every lock it holds. */
const PROCESS = randomUUID();

export class LockUnavailableError extends Error {
  readonly code = 'lock_unavailable';
}

/**
 * Named locks that hold across processes and machines, as rows of the shared database. A holder renews
 * its lease while it works. The clock is the one they share, because those of two machines differ by more
 * than a lease; a database without one belongs to one process, so there every other holder is dead.
 */
export function createLocks({ database: { kysely, dialect }, now }: StoreDeps) {
  const heldUntil = () => leaseEnd(dialect, now, LEASE_MS);
  const isFree = () => {
    const isOver = sql<boolean>`locks.held_until <= ${sharedTime(dialect, now)}`;
    return dialect.serverTime === undefined
      ? sql<boolean>`(${isOver} or locks.holder not like ${`${PROCESS}/%`})`
      : isOver;
  };

  async function take(name: string, holder: string): Promise<boolean> {
    const row = { name, holder, held_until: heldUntil() };
    const taken = await kysely
      .insertInto('locks')
      .values(row)
      .onConflict((conflict) => conflict.column('name').doUpdateSet(row).where(isFree()))
      .returning('holder')
      .executeTakeFirst();
    return taken !== undefined;
  }

  return {
    /**
     * Runs `work` while nobody else runs any under the same name.
     * @throws LockUnavailableError when the lock does not become free within `waitMs`.
     */
    async withLock<Result>(
      name: string,
      { waitMs }: { waitMs: number },
      work: () => Promise<Result>,
    ): Promise<Result> {
      const holder = `${PROCESS}/${randomUUID()}`;
      const giveUpAt = performance.now() + waitMs;
      while (!(await take(name, holder))) {
        if (performance.now() >= giveUpAt)
          throw new LockUnavailableError(`The lock "${name}" was not free within ${waitMs} ms`);
        await sleep(POLL_INTERVAL_MS);
      }
      // Only our own: after a lease that could not be renewed, the lock may be somebody else's.
      const renew = () =>
        kysely
          .updateTable('locks')
          .set({ held_until: heldUntil() })
          .where('name', '=', name)
          .where('holder', '=', holder)
          .execute();
      const renewing = setInterval(() => void renew().catch(() => {}), LEASE_MS / 4);
      try {
        return await work();
      } finally {
        clearInterval(renewing);
        const ours = kysely.deleteFrom('locks').where('name', '=', name);
        // What the work gave must not get lost with the database; the lease ends by itself.
        await ours
          .where('holder', '=', holder)
          .execute()
          .catch(() => {});
      }
    },

    async deleteOld(): Promise<void> {
      const isOld = sql`held_until < ${now() - KEPT_MS}`;
      await deleteInSlices(kysely, 'locks', ['name'], isOld);
    },
  };
}
