import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for a condition, never for a time. Returns what the condition returned; fails after `withinMs`.
 * What takes longer is looked at less often, because many conditions load a page or open a database.
 */
export async function waitUntil<Value>(
  what: string,
  condition: () => Value | Promise<Value>,
  withinMs = 15_000,
): Promise<NonNullable<Value>> {
  const startedAt = performance.now();
  for (;;) {
    const value = await condition();
    if (value) return value;
    const waitedMs = performance.now() - startedAt;
    if (waitedMs > withinMs) throw new Error(`Waited ${withinMs} ms in vain until ${what}.`);
    await sleep(Math.min(10 + waitedMs / 10, 100));
  }
}
