type Listener = (payload: string) => void;

/**
 * "Something changed", said to whoever listens in any instance. A hint that may get lost: whoever
 * depends on it looks by itself from time to time as well.
 */
export interface Signals {
  /** The core's channels are `events` and `installations`; a feature's has its name. */
  publish(channel: string, payload: string): void;
  /** The listener must not throw. Returns the function that ends it. */
  subscribe(channel: string, listener: Listener): () => void;
  close(): Promise<void>;
}

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
    close: async () => {},
  };
}
