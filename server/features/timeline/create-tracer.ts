import { AsyncLocalStorage } from 'node:async_hooks';
import type { Call, Step } from './store/trace-schema.ts';
import type { StepKey } from './catalogue.ts';

/** A bot that sends hundreds of messages at once is understood from the first ones. */
const MAX_STEPS = 50;

export interface Tracer {
  /** Runs the work with a trace of its own, which all it awaits adds to. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  isRunning(): boolean;
  /** Adds a step that was taken, with what belongs into the blanks of its sentence. */
  note(key: StepKey, values?: Step['values'], details?: { at?: number; call?: Call }): void;
  /** Adds a step as it is; one that is under way may be completed later. */
  add(step: Step): void;
  /** The steps so far, in the order in which they began; none outside a trace. */
  steps(): readonly Step[];
}

/** One for the process: before Node 24 each one that was ever used makes every promise dearer, for good. */
const storage = new AsyncLocalStorage<Step[]>();

/** Follows a piece of work through all the functions it awaits. */
export function createTracer({ now }: { now: () => number }): Tracer {
  function add(step: Step): void {
    const steps = storage.getStore();
    if (steps !== undefined && steps.length < MAX_STEPS) steps.push(step);
  }

  return {
    run: (work) => storage.run([], work),
    isRunning: () => storage.getStore() !== undefined,
    note: (key, values = {}, { at = now(), call = null } = {}) => add({ key, at, values, call }),
    add,
    steps: () => storage.getStore() ?? [],
  };
}
