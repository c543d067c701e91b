import type { Log } from '../log.ts';
import type { Observe } from '../observe.ts';
import type { StoredEvent } from '../store/schema.ts';
import { messageOf } from '../errors.ts';
import { createBatcher } from './create-batcher.ts';
import { createPlaces } from './create-places.ts';
import type { EventStore, Settlement } from './event-store.ts';
import { repeat } from '../timers.ts';
import { limitTime, ShutdownError } from './run-attempt.ts';
import { writeOneByOne } from './write-one-by-one.ts';

/**
 * Runs one attempt. Never throws: a failure is a settlement too. The signal aborts when the attempt has
 * taken too long, and with a ShutdownError when the process stops.
 */
export type HandleEvent = (event: StoredEvent, signal: AbortSignal) => Promise<Settlement>;

export interface WorkerSettings {
  /** Conversations handled at the same time by this process; one account never has all of them. */
  parallel: number;
  leaseMs: number;
  /** How long one attempt may take. */
  handlerMs: number;
  /** How often to look for retries that are due and leases that ran out. */
  pollMs: number;
}

export const WORKER_SETTINGS: WorkerSettings = {
  parallel: 64,
  leaseMs: 15_000,
  handlerMs: 30_000,
  pollMs: 500,
};

const SETTLE_TRIES = 8;
const SETTLE_PAUSE_MS = 1_000;

/** Claims events and has them handled: one at a time per conversation, many conversations at once. */
export function createWorker(options: {
  store: EventStore;
  handle: HandleEvent;
  /** Names this process in the leases it takes. */
  owner: string;
  settings: WorkerSettings;
  /** Called when an installation has something new to show. */
  onSettled: (installationId: string) => void;
  observe: Pick<Observe, 'occur'>;
  log: Log;
}) {
  const { store, handle, owner, settings, log } = options;
  const inFlight = new Map<number, AbortController>();
  const places = createPlaces(settings.parallel);
  /** Whether somebody has to wait for a place of its account. */
  let isCrowded = false;
  let stopping = false;
  let claiming = false;
  /** Where to look next: everywhere, or in conversations that something just happened in. */
  let everywhere = false;
  const changed = new Set<string>();

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

  /** Looks for work, soon and once for all who ask in the same moment. */
  function look(conversationKeys?: readonly string[]): void {
    if (conversationKeys === undefined) everywhere = true;
    else for (const key of conversationKeys) changed.add(key);
    if (claiming) return;
    claiming = true;
    setImmediate(() => void claim());
  }

  async function claim(): Promise<void> {
    try {
      while (!stopping && places.free() > 0 && (everywhere || changed.size > 0)) {
        const conversationKeys = everywhere ? undefined : [...changed];
        if (everywhere) isCrowded = false;
        everywhere = false;
        changed.clear();
        const limit = places.free();
        const { leaseMs } = settings;
        const { events, isCrowded: somebodyWaits } = await places.fill((admit) =>
          store.claim({ owner, leaseMs, limit, conversationKeys, admit }),
        );
        isCrowded ||= somebodyWaits;
        // As many as there was room for: there may be more, wherever they are.
        if (events.length === limit) everywhere = true;
        for (const event of events) void run(event);
      }
    } catch (error) {
      log.error({ error }, 'Events could not be claimed; trying again shortly.');
    } finally {
      claiming = false;
    }
  }

  /** The work is done; a database that is away for some seconds must not have it done again. */
  async function settleWithPatience(settlement: Settlement): Promise<void> {
    for (let triesLeft = SETTLE_TRIES - 1; ; triesLeft--) {
      try {
        return await settle(settlement);
      } catch (error) {
        if (triesLeft === 0 || stopping) throw error;
        await pause(SETTLE_PAUSE_MS);
      }
    }
  }

  async function run(event: StoredEvent): Promise<void> {
    const controller = new AbortController();
    inFlight.set(event.seq, controller);
    try {
      const settlement = await limitTime(controller, settings.handlerMs, (signal) =>
        handle(event, signal),
      );
      await settleWithPatience(settlement);
      options.observe.occur('attempt-settled', settlement);
      if (settlement.activity !== undefined) options.onSettled(event.installation_id);
    } catch (error) {
      // Unsettled, its lease runs out and the event is taken again: nothing is lost.
      log.error(
        { error, installationId: event.installation_id, eventId: event.event_id },
        `An attempt could not be recorded: ${messageOf(error)}`,
      );
    } finally {
      inFlight.delete(event.seq);
      places.giveBack(event.installation_id);
      look(isCrowded ? undefined : [event.conversation_key]);
    }
  }

  /** What we hold is never given back here: a clock that jumps must not take our own work from us. */
  async function releaseDead(): Promise<void> {
    try {
      await store.releaseLeases({ except: [...inFlight.keys()] });
    } catch (error) {
      log.error({ error }, 'Leases of others could not be looked after; trying again shortly.');
    }
    look();
  }

  async function renew(): Promise<void> {
    if (inFlight.size === 0) return;
    try {
      await store.renew([...inFlight.keys()], owner, settings.leaseMs);
    } catch (error) {
      log.error({ error }, 'Our leases could not be renewed; trying again shortly.');
    }
  }

  let ends: (() => void)[] = [];
  return {
    start: (): void => {
      ends = [repeat(releaseDead, settings.pollMs), repeat(renew, settings.leaseMs / 3)];
      look();
    },
    /** There may be something to do; the conversations narrow down where. */
    look,
    /** Takes nothing new, lets what runs finish for `graceMs`, then cancels it; it is released unsettled. */
    async stop(graceMs: number): Promise<void> {
      stopping = true;
      const deadline = Date.now() + graceMs;
      while (inFlight.size > 0 && Date.now() < deadline) await pause(20);
      for (const controller of inFlight.values())
        controller.abort(new ShutdownError('Shutting down.'));
      while (inFlight.size > 0 && Date.now() < deadline + 1_000) await pause(20);
      for (const end of ends) end();
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
