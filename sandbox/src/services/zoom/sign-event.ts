import { createHmac } from 'node:crypto';

export function hmacHex(secretToken: string, text: string): string {
  return createHmac('sha256', secretToken).update(text).digest('hex');
}

/** The value of `x-zm-signature`. */
export function signEvent(secretToken: string, timestamp: string, body: string): string {
  return `v0=${hmacHex(secretToken, `v0:${timestamp}:${body}`)}`;
}
