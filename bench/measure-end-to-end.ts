import { startProcessShop } from '../test/support/start-process-shop.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from './statistics.ts';

export interface EndToEndFigures {
  customers: string;
  messages: number;
  p50Ms: number;
  p99Ms: number;
  perSecond: number;
}

/**
 * From the moment a delivery leaves the sandbox until the sandbox has stored the bot's reply, with one
 * customer per conversation who, once answered, thinks for a while before writing again.
 */
export async function measureEndToEnd({
  conversations,
  perConversation,
  thinkMs,
}: {
  conversations: number;
  perConversation: number;
  thinkMs: number;
}): Promise<EndToEndFigures> {
  const shop = await startProcessShop();
  try {
    await shop.install('acme');
    const ids = Array.from(
      { length: conversations },
      () => shop.zendesk.createConversation({ account: 'acme' }).conversationId,
    );
    const counter = createCounter(shop.zendesk.countMessages);
    await Promise.all(ids.map((id) => counter.reach(id, 1)));
    const latencies: number[] = [];

    async function customer(id: string): Promise<void> {
      for (let n = 0; n < perConversation; n++) {
        if (thinkMs > 0) await sleep(thinkMs * (0.5 + Math.random()));
        const event = shop.zendesk.buildMessageEvent({ conversationId: id, text: `message ${n}` });
        const before = shop.zendesk.countMessages(id);
        const sent = performance.now();
        await shop.zendesk.deliver({ account: 'acme', clientId: shop.clientId, events: [event] });
        await counter.reach(id, before + 1);
        latencies.push(performance.now() - sent);
      }
    }
    const started = performance.now();
    await Promise.all(ids.map(customer));
    const seconds = (performance.now() - started) / 1000;
    counter.stop();
    const sorted = latencies.toSorted((left, right) => left - right);
    return {
      customers:
        thinkMs > 0
          ? `${conversations}, a message every ${thinkMs / 1000} s`
          : `${conversations}, without a pause`,
      messages: latencies.length,
      p50Ms: quantile(sorted, 0.5),
      p99Ms: quantile(sorted, 0.99),
      perSecond: latencies.length / seconds,
    };
  } finally {
    await shop.close();
  }
}

/** One look a millisecond for all who wait, so that waiting costs the sandbox next to nothing. */
function createCounter(countMessages: (conversationId: string) => number) {
  let waiting: { id: string; count: number; resolve: () => void }[] = [];
  const timer = setInterval(() => {
    const reached = waiting.filter(({ id, count }) => countMessages(id) >= count);
    if (reached.length === 0) return;
    waiting = waiting.filter((one) => !reached.includes(one));
    for (const { resolve } of reached) resolve();
  }, 1);
  return {
    reach: (id: string, count: number) =>
      new Promise<void>((resolve) => {
        waiting.push({ id, count, resolve });
      }),
    stop: () => clearInterval(timer),
  };
}
