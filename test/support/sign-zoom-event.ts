import { createHmac } from 'node:crypto';

/** The headers with which Zoom sends an event now. */
export function signZoomEvent(secretToken: string, body: string): Record<string, string> {
  const stamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', secretToken).update(`v0:${stamp}:${body}`).digest('hex');
  return { 'x-zm-request-timestamp': stamp, 'x-zm-signature': `v0=${signature}` };
}
