import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { ask } from '../browser/ask.ts';
import type { Fleet } from './start-fleet.ts';
import { waitUntil } from '../wait-until.ts';

const PATIENCE_MS = 90_000;
const RETRY_MS = 100;
const TYPING_MS = 60;

/**
 * Customers who write one message after the other, delivered as a load balancer does: to any instance, and
 * to another one when that fails, until it is acknowledged.
 */
export function talkToFleet(
  fleet: Fleet,
  installed: { id: string; key: string },
  { customers }: { customers: number },
) {
  const ids = Array.from(
    { length: customers },
    () => fleet.zendesk.createConversation({ account: 'acme' }).conversationId,
  );
  const acknowledged = new Map<string, string[]>(ids.map((id) => [id, []]));
  let count = 0;
  let running = true;

  async function deliver(event: object): Promise<boolean> {
    const url = `${fleet.url(Math.random() < 0.5 ? 0 : 1)}/webhooks/${installed.id}`;
    const answer = await ask(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': installed.key },
      body: JSON.stringify({ app: {}, webhook: {}, events: [event] }),
    }).catch(() => undefined);
    expect([200, 503, undefined]).toContain(answer?.status);
    return answer?.status === 200;
  }

  async function talk(conversationId: string): Promise<void> {
    while (running) {
      const word = `word ${++count}.`;
      const event = fleet.zendesk.buildMessageEvent({ conversationId, text: word });
      while (!(await deliver(event))) await sleep(RETRY_MS);
      acknowledged.get(conversationId)?.push(word);
      await sleep(TYPING_MS);
    }
  }

  const answersIn = (id: string) =>
    fleet.zendesk
      .messages(id)
      .filter(({ author }) => author.type === 'business')
      .flatMap(({ content }) =>
        'text' in content ? (/word \d+\./.exec(String(content.text)) ?? []) : [],
      );
  const total = () => [...acknowledged.values()].flat().length;
  const talks = ids.map(talk);

  return {
    acknowledged: total,
    async stop(): Promise<void> {
      running = false;
      await Promise.all(talks);
    },
    async expectEveryoneAnsweredOnce(): Promise<void> {
      await waitUntil(
        'all are answered',
        () => ids.flatMap(answersIn).length >= total(),
        PATIENCE_MS,
      );
      for (const id of ids) expect(answersIn(id)).toEqual(acknowledged.get(id));
    },
  };
}
