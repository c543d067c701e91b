import type { Signals } from '../../store/engines/database.ts';

type Listener = Parameters<Signals['subscribe']>[1];

/** Within this process; all that SQLite needs, which belongs to one process. */
export function createLocalSignals(): Signals {
  const listeners = new Map<string, Set<Listener>>();
  return {
    publish(channel, payload) {
      for (const listener of listeners.get(channel) ?? []) listener(payload);
    },
    subscribe(channel, listener) {
      const here = listeners.get(channel) ?? new Set();
      listeners.set(channel, here.add(listener));
      return () => void here.delete(listener);
    },
  };
}
