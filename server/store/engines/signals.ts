export type Channel = 'events' | 'activity' | 'installations';

type Listener = (payload: string) => void;

/**
 * "Something changed", said to whoever listens in any instance. A hint that may get lost: whoever
 * depends on it looks by itself from time to time as well.
 */
export interface Signals {
  publish(channel: Channel, payload: string): void;
  /** The listener must not throw. Returns the function that ends it. */
  subscribe(channel: Channel, listener: Listener): () => void;
  close(): Promise<void>;
}

/** Within this process; all that SQLite needs, which belongs to one process. */
export function createLocalSignals(): Signals {
  const listeners = {
    events: new Set<Listener>(),
    activity: new Set<Listener>(),
    installations: new Set<Listener>(),
  };
  return {
    publish(channel, payload) {
      for (const listener of listeners[channel]) listener(payload);
    },
    subscribe(channel, listener) {
      listeners[channel].add(listener);
      return () => void listeners[channel].delete(listener);
    },
    close: async () => {},
  };
}
