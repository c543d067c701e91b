import { timingSafeEqual } from 'node:crypto';

/** Compares in constant time: how long a refusal takes tells nothing of the secret but its length. */
export function isSameSecret(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
