import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from '../core.ts';
import { messageOf } from '../errors.ts';
import type { NewEvent, StoredEvent } from '../store/schema.ts';
import { keepLeases } from './leases.ts';
import type { Settlement } from './settle.ts';
import { createPlaces } from './places.ts';
import { createSettling } from './settling.ts';
import { createUnderWay } from './under-way.ts';

/** Never throws: a failure is a settlement too. The signal aborts after `handlerMs`, and with a ShutdownError. */
export type HandleEvent = (event: StoredEvent, signal: AbortSignal) => Promise<Settlement>;

const SETTINGS = {
  /** Conversations handled at the same time by this process; one account never has all of them. */
  parallel: 128,
  leaseMs: 15_000,
  /** How long one attempt may take. */
  handlerMs: 30_000,
  /** How often to look for retries that are due and leases that ran out. */
  pollMs: 500,
};
export type WorkerSettings = typeof SETTINGS;

/** The process stops: the attempt did not fail, it was interrupted. */
export class ShutdownError extends Error {}

/** Claims events and has them handled: one at a time per conversation, many conversations at once. */
export function createWorker(
  deps: Pick<Core, 'events' | 'observe' | 'log'> & {
    /** Names this process in the leases it takes. */
    owner: string;
    settings?: Partial<WorkerSettings>;
    handle: HandleEvent;
  },
) {
  const { events: store, owner, log } = deps;
  const { parallel, leaseMs, handlerMs, pollMs } = { ...SETTINGS, ...deps.settings };
  const underWay = createUnderWay();
  const places = createPlaces(parallel);
  /** Whether somebody has to wait for a place of its account. */
  let isCrowded = false;
  let stage: 'new' | 'running' | 'stopping' = 'new';
  let inserting = 0;
  let claiming = false;
  /** Where to look next: everywhere, or in conversations that something just happened in. */
  let everywhere = false;
  const changed = new Set<string>();

  const settle = createSettling({
    store,
    lease: { owner, leaseMs },
    underWay,
    mayGoOn: () => stage === 'running' && !isCrowded,
    isStopping: () => stage === 'stopping',
  });

  /** Stores what arrives. What can be handled at once is claimed in the commit that stores it, and returned. */
  async function insert(arrived: readonly NewEvent[]): Promise<StoredEvent[]> {
    const mayTake = ({ conversation_key: key }: NewEvent) =>
      stage === 'running' && !isCrowded && !underWay.has(key);
    inserting += 1;
    try {
      const { events, isCrowded: somebodyWaits } = await places.fill((admit) =>
        store.insert(arrived, {
          owner,
          leaseMs,
          admit: (event) => mayTake(event) && admit(event.installation_id),
        }),
      );
      isCrowded ||= somebodyWaits;
      for (const event of events) void run(event, { isFollowed: false });
      return events;
    } finally {
      inserting -= 1;
    }
  }

  /**
   * There may be something to do. Looks soon, once for all who ask in the same moment, and there alone.
   * Returns false when it is behind what we are handling, so that nobody else can begin it.
   */
  function look(conversationKeys?: readonly string[]): boolean {
    if (conversationKeys === undefined) {
      everywhere = true;
      underWay.followAll();
    } else for (const key of conversationKeys) if (!underWay.follow(key)) changed.add(key);
    const isNews = everywhere || changed.size > 0;
    if (claiming || !isNews) return isNews;
    claiming = true;
    setImmediate(() => void claim());
    return true;
  }

  async function claim(): Promise<void> {
    try {
      while (stage === 'running' && places.free() > 0 && (everywhere || changed.size > 0)) {
        const conversationKeys = everywhere ? undefined : [...changed];
        const wasCrowded = isCrowded && !everywhere;
        everywhere = false;
        changed.clear();
        const limit = places.free();
        const { events, isCrowded: somebodyWaits } = await places.fill((admit) =>
          store.claim({ owner, leaseMs, limit, conversationKeys, admit }),
        );
        // Only now: what arrived meanwhile must not take the places of what waits.
        isCrowded = wasCrowded || somebodyWaits;
        // As many as there was room for: there may be more, wherever they are.
        if (events.length === limit) everywhere = true;
        for (const event of events) void run(event, { isFollowed: true });
      }
    } catch (error) {
      log.error({ error }, 'Events could not be claimed; trying again shortly.');
    } finally {
      claiming = false;
    }
  }

  async function run(event: StoredEvent, { isFollowed }: { isFollowed: boolean }): Promise<void> {
    const { conversation_key: key, installation_id: installationId } = event;
    const controller = underWay.begin(event, isFollowed);
    let isOver = false;
    let follower: StoredEvent | undefined;
    try {
      const settlement = await handleInTime(event, controller);
      follower = await settle(settlement);
      isOver = settlement.state !== 'waiting';
      deps.observe.occur('attempt-settled', settlement);
    } catch (error) {
      // Unsettled, its lease runs out and the event is taken again: nothing is lost.
      log.error(
        { error, installationId, eventId: event.event_id },
        `An attempt could not be recorded: ${messageOf(error)}`,
      );
    } finally {
      const mayWait = underWay.end(event) || !isOver;
      if (follower === undefined) {
        places.giveBack(installationId);
        look(isCrowded ? undefined : mayWait ? [key] : []);
      } else void run(follower, { isFollowed: true });
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

  let endLeases = () => {};
  return {
    start: (): void => {
      stage = 'running';
      endLeases = keepLeases(deps, { leaseMs, pollMs, heldSeqs: underWay.seqs, look });
      look();
    },
    insert,
    look,
    /** Takes nothing new, lets what runs finish for `graceMs`, then cancels it; it is released unsettled. */
    async stop(graceMs: number): Promise<void> {
      stage = 'stopping';
      const deadline = Date.now() + graceMs;
      const isBusy = () => inserting > 0 || claiming || !underWay.isEmpty();
      while (isBusy() && Date.now() < deadline) await sleep(20);
      underWay.abortAll(new ShutdownError('Shutting down.'));
      while (isBusy() && Date.now() < deadline + 1_000) await sleep(20);
      endLeases();
    },
  };
}
