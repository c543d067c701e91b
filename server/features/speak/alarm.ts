import type { Core } from '../../core.ts';
import type { StoredEvent } from '../../store/schema.ts';
import { repeat } from '../../timers.ts';
import { moveDueWakes } from './wakes.ts';

/** How exact a time is; nothing is asked of the database meanwhile. */
const TICK_MS = 200;
/** An instance that ends leaves what it knew to the others, and a clock may have been put right. */
const LOOK_AGAIN_MS = 15_000;

export type Alarm = ReturnType<typeof createAlarm>;

/** Moves wakes into the inbox when their time has come. Knows when that is, so it looks no more than it has to. */
export function createAlarm(core: Pick<Core, 'database' | 'wake' | 'now' | 'log'>) {
  const { log, now } = core;
  let lookedAt = -Infinity;
  let nextAt = Infinity;
  let looking = Promise.resolve();
  let end = () => {};
  /** Of attempts under way: the earliest wake that each one sets. */
  const setBy = new WeakMap<StoredEvent, number>();

  async function look(): Promise<void> {
    const isLong = Math.abs(now() - lookedAt) >= LOOK_AGAIN_MS;
    if (now() < nextAt && !isLong) return;
    lookedAt = now();
    nextAt = Infinity;
    try {
      const next = await moveDueWakes(core);
      nextAt = Math.min(nextAt, next ?? Infinity);
    } catch (error) {
      log.error({ error }, 'Due wakes could not be moved; trying again shortly.');
    }
  }

  return {
    /** The attempt at this event sets a wake, for a time in epoch milliseconds. */
    noteSet(event: StoredEvent, dueAt: number): void {
      setBy.set(event, Math.min(dueAt, setBy.get(event) ?? Infinity));
    },
    /** It is stored with how the attempt ended, so a look finds it. */
    noteStored(event: StoredEvent): void {
      nextAt = Math.min(nextAt, setBy.get(event) ?? Infinity);
    },
    start(): void {
      end = repeat(() => (looking = look()), TICK_MS);
    },
    async stop(): Promise<void> {
      end();
      await looking;
    },
  };
}
