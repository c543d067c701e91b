/** Something a page shows or the snapshot keeps has changed. */
export interface Change {
  account?: string;
  conversationId?: string;
  /** The name of a service beside Zendesk. */
  service?: string;
  /** What the bot's developer has to know: on every chat. */
  isForDeveloper?: true;
}

export interface Changes {
  announce(change: Change): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (change: Change) => void): () => void;
}

/** The one place that hears of every change: the snapshot and the live pages listen here. */
export function createChanges(): Changes {
  const listeners = new Set<(change: Change) => void>();
  return {
    announce(change) {
      for (const listener of listeners) listener(change);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
