import { createHmac } from 'node:crypto';
import { noAnswer, type RemoteFetch } from '../../../remote-call.ts';
import { RemoteError } from '../../../remote-error.ts';
import { startDeadline } from '../../../timers.ts';
import type { Channel } from './notices.ts';
import type { WebhookVariables } from './variables.ts';

const TIMEOUT_MS = 15_000;

/**
 * A webhook as Standard Webhooks 1.0 describes it. It goes to the one address that whoever runs the app
 * configured, and follows no redirect away from it.
 */
export function createWebhookChannel(
  { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRETS: secrets }: WebhookVariables,
  { fetch, now }: { fetch: RemoteFetch; now: () => number },
): Channel {
  return {
    name: 'webhook',
    async send(id, notice) {
      const body = JSON.stringify(notice);
      const timestamp = String(Math.floor(now() / 1000));
      const deadline = startDeadline(TIMEOUT_MS);
      const answer = fetch('PostNotice', url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': signNotice(secrets, { id, timestamp, body }),
        },
        body,
        redirect: 'manual',
        signal: deadline.signal,
      });
      const response = await answer
        .catch((error: unknown) => {
          throw noAnswer('PostNotice', undefined, error);
        })
        .finally(deadline.end);
      await response.body?.cancel();
      if (!response.ok) throw new RemoteError('PostNotice', { status: response.status });
    },
  };
}

/** A signature with each secret, so that the receiver may know the newest or the one before it. */
function signNotice(
  secrets: readonly string[],
  { id, timestamp, body }: { id: string; timestamp: string; body: string },
): string {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    return `v1,${digest}`;
  });
  return signatures.join(' ');
}
