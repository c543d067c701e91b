interface RateLimitOptions {
  limit: number;
  windowMs: number;
  now: () => number;
}

export type RateLimit = ReturnType<typeof createRateLimit>;

/** Counts per key in windows that begin with the first use. */
export function createRateLimit({ limit, windowMs, now }: RateLimitOptions) {
  const windows = new Map<string, { count: number; until: number }>();

  return {
    /** Counts one use; returns how many seconds to wait when it is one too many, else 0. */
    take(key: string): number {
      let window = windows.get(key);
      if (!window || window.until <= now()) {
        window = { count: 0, until: now() + windowMs };
        windows.set(key, window);
      }
      window.count += 1;
      return window.count > limit ? Math.ceil((window.until - now()) / 1000) : 0;
    },
    /** Forgets the windows that have ended. */
    sweep(): void {
      for (const [key, { until }] of windows) if (until <= now()) windows.delete(key);
    },
  };
}
