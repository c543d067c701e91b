import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionsContext } from '../context.ts';
import { deliverNotices } from '../notify/deliver.ts';
import { testConnection } from './health.ts';

/** Longer than any test takes: should this instance die over one, another does it after that. */
const CLAIMED_FOR_MS = 5 * 60_000;
const AT_ONCE = 10;

/**
 * Looks after connections by itself: a healthy one before its token expires, an unhealthy one every
 * hour. Of several instances only one tests, because a due check can be claimed once. Sends the notices that
 * came of it.
 */
export function createConnectionWork(context: ConnectionsContext, pollMs: number) {
  const { connections, log } = context;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopping = false;

  async function checkDue(): Promise<void> {
    const due = await connections.claimDue({ againMs: CLAIMED_FOR_MS, limit: AT_ONCE });
    for (const connection of due) {
      if (stopping) return;
      await testConnection(context, connection).catch((error: unknown) => {
        log.error({ error, connectionId: connection.id }, 'A connection could not be tested.');
      });
    }
  }

  function tick(): void {
    running ??= checkDue()
      .catch((error: unknown) => log.error({ error }, 'Due connections could not be read.'))
      .then(() => (stopping ? undefined : deliverNotices(context)))
      .catch((error: unknown) => log.error({ error }, 'Due notices could not be read.'))
      .finally(() => {
        running = undefined;
      });
  }

  return {
    start(): void {
      timer = setInterval(tick, pollMs);
    },
    /** Begins nothing new and lets a test that runs finish for `graceMs`. */
    async stop(graceMs: number): Promise<void> {
      stopping = true;
      clearInterval(timer);
      await Promise.race([running, sleep(graceMs, undefined, { ref: false })]);
    },
  };
}
