import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Of a sender, between two deliveries. */
const PAUSE_MS = 20;

/** What Zendesk knows of the webhook that an install registered. */
export interface Hook {
  id: string;
  key: string;
}

/** A delivery of one event, at least so long; an agent wrote it, so that nobody has to answer. */
export function deliveryOf(eventId: string, bytes = 0): string {
  const build = (text: string) =>
    JSON.stringify({
      app: {},
      webhook: {},
      events: [
        {
          id: eventId,
          type: 'conversation:message',
          payload: {
            conversation: { id: 'conversation' },
            message: { id: 'm', author: { type: 'business' }, content: { type: 'text', text } },
          },
        },
      ],
    });
  return build('x'.repeat(Math.max(0, bytes - build('').length)));
}

/** Posts a body to a webhook as Zendesk does; answers the status, 0 when there was no answer. */
export async function deliver(publicUrl: string, hook: Hook, body: string): Promise<number> {
  const response = await fetch(`${publicUrl}/webhooks/${hook.id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': hook.key },
    body,
  }).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.status ?? 0;
}

/** The same, but sends the body only when it was asked for; answers the status. */
export async function deliverWhenAsked(
  publicUrl: string,
  hook: Hook,
  body: string,
): Promise<number> {
  const asking = request(`${publicUrl}/webhooks/${hook.id}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-api-key': hook.key,
      expect: '100-continue',
    },
  });
  asking.flushHeaders();
  // A proxy may say it, and pass on that the app said it.
  await once(asking, 'continue');
  asking.end(body);
  const [response] = await once(asking, 'response');
  response.resume();
  return Number(response.statusCode);
}

/** Senders who deliver one event after the other, each again until it is acknowledged. */
export function startLoad(publicUrl: string, hook: Hook, { senders }: { senders: number }) {
  /** Ids of events. */
  const acknowledged: string[] = [];
  /** Other answers than that. */
  const refusals: number[] = [];
  let running = true;

  async function send(sender: number): Promise<void> {
    for (let count = 0; running; count++) {
      const eventId = `event ${count} of sender ${sender} through ${publicUrl}`;
      for (;;) {
        const status = await deliver(publicUrl, hook, deliveryOf(eventId));
        if (status === 200) break;
        refusals.push(status);
      }
      acknowledged.push(eventId);
      await sleep(PAUSE_MS);
    }
  }

  const sending = Array.from({ length: senders }, (_, sender) => send(sender));
  return {
    acknowledged,
    refusals,
    async stop(): Promise<void> {
      running = false;
      await Promise.all(sending);
    },
  };
}
