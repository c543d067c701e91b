import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from '../core.ts';
import { messageOf } from '../errors.ts';
import type { StoredEvent } from '../store/schema.ts';
import { repeat } from '../timers.ts';
import type { Settlement } from './settle.ts';
import { createGroupCommit } from './receive/group-commit.ts';
import { createPlaces } from './receive/queue.ts';

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

const WORKER_SETTINGS: WorkerSettings = {
  parallel: 64,
  leaseMs: 15_000,
  handlerMs: 30_000,
  pollMs: 500,
};

const SETTLE_TRIES = 8;
const SETTLE_PAUSE_MS = 1_000;

/** The process stops: the attempt did not fail, it was interrupted. */
export class ShutdownError extends Error {}

/** Claims events and has them handled: one at a time per conversation, many conversations at once. */
export function createWorker(
  deps: Pick<Core, 'events' | 'log'> & {
    observe: Pick<Core['observe'], 'occur'>;
    activityLog: Pick<Core['activityLog'], 'announce'>;
    /** Names this process in the leases it takes. */
    owner: string;
    settings?: Partial<WorkerSettings>;
    handle: HandleEvent;
  },
) {
  const { events: store, owner, log } = deps;
  const { parallel, leaseMs, handlerMs, pollMs } = { ...WORKER_SETTINGS, ...deps.settings };
  const inFlight = new Map<number, AbortController>();
  const places = createPlaces(parallel);
  /** Whether somebody has to wait for a place of its account. */
  let isCrowded = false;
  let stopping = false;
  let claiming = false;
  /** Where to look next: everywhere, or in conversations that something just happened in. */
  let everywhere = false;
  const changed = new Set<string>();

  const settle = createGroupCommit<Settlement>({
    writeAll: (settlements) => store.settle(settlements),
    writeOne: (settlement) => store.settle([settlement]),
  });

  /** There may be something to do. Looks soon, once for all who ask in the same moment, and there alone. */
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

  async function run(event: StoredEvent): Promise<void> {
    const controller = new AbortController();
    inFlight.set(event.seq, controller);
    try {
      const settlement = await handleInTime(event, controller);
      await settleWithPatience(settlement);
      deps.observe.occur('attempt-settled', settlement);
      if (settlement.activity !== undefined) deps.activityLog.announce(event.installation_id);
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

  /** Nothing of an attempt may be reachable once it has ended: one controller for each, its timer cleared. */
  async function handleInTime(
    event: StoredEvent,
    controller: AbortController,
  ): Promise<Settlement> {
    const timer = setTimeout(() => {
      controller.abort(new Error(`The handler took longer than ${handlerMs / 1_000} s.`));
    }, handlerMs);
    try {
      return await deps.handle(event, controller.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The work is done; a database that is away for some seconds must not have it done again. */
  async function settleWithPatience(settlement: Settlement): Promise<void> {
    for (let triesLeft = SETTLE_TRIES - 1; ; triesLeft--) {
      try {
        return await settle(settlement);
      } catch (error) {
        if (triesLeft === 0 || stopping) throw error;
        await sleep(SETTLE_PAUSE_MS);
      }
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
      await store.renew([...inFlight.keys()], owner, leaseMs);
    } catch (error) {
      log.error({ error }, 'Our leases could not be renewed; trying again shortly.');
    }
  }

  let ends: (() => void)[] = [];
  return {
    start: (): void => {
      ends = [repeat(releaseDead, pollMs), repeat(renew, leaseMs / 3)];
      look();
    },
    look,
    /** Takes nothing new, lets what runs finish for `graceMs`, then cancels it; it is released unsettled. */
    async stop(graceMs: number): Promise<void> {
      stopping = true;
      const deadline = Date.now() + graceMs;
      while (inFlight.size > 0 && Date.now() < deadline) await sleep(20);
      for (const controller of inFlight.values())
        controller.abort(new ShutdownError('Shutting down.'));
      while (inFlight.size > 0 && Date.now() < deadline + 1_000) await sleep(20);
      for (const end of ends) end();
    },
  };
}
