import { expect } from 'vitest';

/**
 * Of 32 times as much, what reads its input once takes about 32 times as long, and what begins anew at every
 * place takes a thousand times as long. Processor time, so that whoever else works on the machine does not count.
 * @param read is given a size, and reads an input of so many pieces.
 */
export function expectLinear(read: (size: number) => void): void {
  const least = (pieces: number) => Math.min(...[1, 2, 3].map(() => measure(() => read(pieces))));
  expect(least(9_600) / least(300)).toBeLessThan(200);
}

function measure(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
