import { timingSafeEqual } from 'node:crypto';

/** Compares in constant time: how long a refusal takes tells nothing of the secret but its length. */
export function isSameSecret(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** `host_key`: who types it into a meeting is its host (Zoom, get a user). */
const SECRET =
  /tokens?$|secret|passw|apikey|hostkey|authori[sz]ation|cookie|credential|jwt|verifier|signature/;

/** Whether what goes under a name is one, by the sound of it: without case, space, `-` and `_`. */
export function soundsSecret(name: string): boolean {
  return SECRET.test(name.toLowerCase().replaceAll(/[-_ ]/g, ''));
}
