import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startProcessShop } from '../support/start-process-shop.ts';
import { waitUntil } from '../support/wait-until.ts';

const ROUNDS = 20;
const CONVERSATIONS = 10;

describe('kill -9 at random moments under load', () => {
  it(
    'loses nothing that was acknowledged and answers nothing twice',
    { timeout: 240_000 },
    async () => {
      const shop = await startProcessShop();
      try {
        await shop.install('acme');
        const ids = Array.from(
          { length: CONVERSATIONS },
          () => shop.zendesk.createConversation({ account: 'acme' }).conversationId,
        );
        const acknowledged = new Map<string, string[]>(ids.map((id) => [id, []]));
        let count = 0;
        let running = true;

        /** Delivers as Zendesk does: the same event again until it is acknowledged, then the next. */
        async function customer(conversationId: string): Promise<void> {
          while (running) {
            const word = `word ${++count}.`;
            const event = shop.zendesk.buildMessageEvent({ conversationId, text: word });
            const send = () =>
              shop.zendesk.deliver({ account: 'acme', clientId: shop.clientId, events: [event] });
            while ((await send()) !== 200) await sleep(5);
            acknowledged.get(conversationId)?.push(word);
          }
        }

        const customers = ids.map(customer);
        for (let round = 0; round < ROUNDS; round++) {
          await sleep(50 + Math.random() * 300);
          await shop.app().end('SIGKILL');
          await shop.restart();
        }
        running = false;
        await Promise.all(customers);

        const answers = (id: string) =>
          shop.zendesk
            .messages(id)
            .filter(({ author }) => author.type === 'business')
            .flatMap(({ content }) =>
              'text' in content ? (/word \d+\./.exec(String(content.text)) ?? []) : [],
            );
        const total = [...acknowledged.values()].flat().length;
        await waitUntil(
          'every acknowledged event is answered',
          () => ids.flatMap(answers).length >= total,
          60_000,
        );
        expect(total).toBeGreaterThan(ROUNDS * CONVERSATIONS);
        for (const id of ids) expect(answers(id)).toEqual(acknowledged.get(id));
      } finally {
        await shop.close();
      }
    },
  );
});
