interface PendingCount {
  /** Counts the work as pending until it ends, whichever way it ends. */
  track(work: Promise<void>): void;
  /** Resolves when nothing is pending. */
  settled(): Promise<void>;
}

export function createPendingCount(): PendingCount {
  let pending = 0;
  let waiting: (() => void)[] = [];

  async function count(work: Promise<void>) {
    pending += 1;
    try {
      await work;
    } finally {
      pending -= 1;
      if (pending === 0) {
        const resolved = waiting;
        waiting = [];
        for (const resolve of resolved) resolve();
      }
    }
  }

  return {
    track(work) {
      void count(work);
    },
    async settled() {
      if (pending > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
