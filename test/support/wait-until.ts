import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition, never for a time. Answers what the condition answered; fails after `withinMs`. */
export async function waitUntil<Value>(
  what: string,
  condition: () => Value | Promise<Value>,
  withinMs = 15_000,
): Promise<NonNullable<Value>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > deadline)
      throw new Error(`Waited ${withinMs} ms in vain until ${what}.`);
    await sleep(10);
  }
}
