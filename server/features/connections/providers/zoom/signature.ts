import { createHmac } from 'node:crypto';
import { isSameSecret } from '../../../../secrets.ts';

/** Zoom names no limit; five minutes is customary, and its clock and ours may differ both ways. */
const TOLERANCE_MS = 5 * 60_000;
/** Zoom's examples have seconds, one has milliseconds. Beyond this it cannot be seconds. */
const LATEST_SECONDS = 100_000_000_000;

/** What one of our apps at Zoom signs with. */
export interface SecretToken {
  /** Whose it is; null: of whatever app has none with its name. */
  clientId: string | null;
  token: string;
}

/**
 * Returns the secret tokens with which Zoom signed these very bytes, and lately; none when it was none of them
 * (Zoom, "Verify webhook events"). Each Zoom app has a token of its own, and while one is replaced it has two.
 */
export function findSigningTokens(options: {
  secretTokens: readonly SecretToken[];
  /** The headers x-zm-signature and x-zm-request-timestamp. */
  signature: string | undefined;
  timestamp: string | undefined;
  body: Buffer;
  now: number;
}): SecretToken[] {
  const { signature = '', timestamp = '' } = options;
  if (!mayBeSigned(options)) return [];
  const signed = Buffer.concat([Buffer.from(`v0:${timestamp}:`), options.body]);
  return options.secretTokens.filter(({ token }) =>
    isSameSecret(signature, `v0=${signWithToken(token, signed)}`),
  );
}

/**
 * Whether one of these may speak for the app: its own token, or one without a name while the app has none of
 * its own. So whoever knows the token of one app cannot end the connections of another.
 */
export function mayNameApp(
  signing: readonly SecretToken[],
  secretTokens: readonly SecretToken[],
  clientId: string,
): boolean {
  const hasOwn = secretTokens.some((one) => one.clientId === clientId);
  return signing.some((one) => one.clientId === (hasOwn ? clientId : null));
}

/** Whether the headers have the right form and the time is about now: all that can be told without the body. */
export function mayBeSigned({
  signature = '',
  timestamp = '',
  now,
}: {
  signature: string | undefined;
  timestamp: string | undefined;
  now: number;
}): boolean {
  if (!/^v0=[0-9a-f]{64}$/.test(signature) || !/^\d{1,15}$/.test(timestamp)) return false;
  const sent = Number(timestamp);
  const sentAt = sent > LATEST_SECONDS ? sent : sent * 1000;
  return Math.abs(now - sentAt) <= TOLERANCE_MS;
}

/** HMAC-SHA256 in hex, as Zoom uses it for events and for the validation of addresses. */
export function signWithToken(secretToken: string, data: Buffer | string): string {
  return createHmac('sha256', secretToken).update(data).digest('hex');
}
