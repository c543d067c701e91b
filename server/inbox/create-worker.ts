import type { Log } from '../runtime/types.ts';
import type { StoredEvent } from '../store/schema.ts';
import { messageOf } from '../errors.ts';
import { createBatcher } from './create-batcher.ts';
import type { EventStore, Settlement } from './event-store.ts';
import { writeOneByOne } from './write-one-by-one.ts';

/** Runs one attempt. Never throws: a failure is a settlement too. */
export type HandleEvent = (event: StoredEvent, signal: AbortSignal) => Promise<Settlement>;

export interface WorkerSettings {
  /** Conversations handled at the same time by this process. */
  parallel: number;
  leaseMs: number;
  /** How often to look for retries that are due and leases that ran out. */
  pollMs: number;
}

export const WORKER_SETTINGS: WorkerSettings = { parallel: 64, leaseMs: 15_000, pollMs: 500 };

/** Claims events and has them handled: one at a time per conversation, many conversations at once. */
export function createWorker(options: {
  store: EventStore;
  handle: HandleEvent;
  /** Names this process in the leases it takes. */
  owner: string;
  settings: WorkerSettings;
  /** Called when an installation has something new to show. */
  onSettled: (installationId: string) => void;
  log: Log;
}) {
  const { store, handle, owner, settings, log } = options;
  const inFlight = new Map<number, AbortController>();
  let stopping = false;
  let claiming = false;
  let wanted = false;
  let timer: NodeJS.Timeout | undefined;

  const settle = createBatcher<Settlement, void>({
    maxItems: 200,
    async write(settlements) {
      try {
        await store.settle(settlements);
        return settlements.map(() => ({ status: 'fulfilled', value: undefined }));
      } catch {
        return await writeOneByOne(settlements, (settlement) => store.settle([settlement]));
      }
    },
  });

  /** Claims as long as there is something to do; a call during a claim makes it look once more. */
  async function claim(): Promise<void> {
    wanted = true;
    if (claiming) return;
    claiming = true;
    try {
      while (wanted && !stopping && inFlight.size < settings.parallel) {
        wanted = false;
        const limit = settings.parallel - inFlight.size;
        const events = await store.claim({ owner, leaseMs: settings.leaseMs, limit });
        for (const event of events) void run(event);
      }
    } catch (error) {
      log.error({ error }, 'Events could not be claimed; trying again shortly.');
    } finally {
      claiming = false;
    }
  }

  async function run(event: StoredEvent): Promise<void> {
    const controller = new AbortController();
    inFlight.set(event.seq, controller);
    try {
      const settlement = await handle(event, controller.signal);
      await settle(settlement);
      if (settlement.activity !== undefined) options.onSettled(event.installation_id);
    } catch (error) {
      // Unsettled, its lease runs out and the event is taken again: nothing is lost.
      log.error(
        { error, eventId: event.event_id },
        `An attempt could not be recorded: ${messageOf(error)}`,
      );
    } finally {
      inFlight.delete(event.seq);
      void claim();
    }
  }

  async function tick(): Promise<void> {
    try {
      // In this order: a clock that jumped ahead must not take our own work from us.
      if (inFlight.size > 0) await store.renew([...inFlight.keys()], owner, settings.leaseMs);
      await store.releaseLeases();
    } catch (error) {
      log.error({ error }, 'Leases could not be looked after; trying again shortly.');
    }
    await claim();
  }

  return {
    start: (): void => {
      timer = setInterval(() => void tick(), settings.pollMs);
      void claim();
    },
    wake: () => void claim(),
    /** Takes nothing new, lets what runs finish for `graceMs`, then cancels it; it is released unsettled. */
    async stop(graceMs: number): Promise<void> {
      stopping = true;
      const deadline = Date.now() + graceMs;
      while (inFlight.size > 0 && Date.now() < deadline) await pause(20);
      for (const controller of inFlight.values()) controller.abort(new Error('Shutting down.'));
      while (inFlight.size > 0 && Date.now() < deadline + 1_000) await pause(20);
      clearInterval(timer);
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
