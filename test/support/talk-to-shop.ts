import { setTimeout as sleep } from 'node:timers/promises';
import type { startProcessShop } from './start-process-shop.ts';

type ProcessShop = Awaited<ReturnType<typeof startProcessShop>>;
interface Message {
  conversationId: string;
  event: ReturnType<ProcessShop['zendesk']['buildMessageEvent']>;
  word: string;
}

/**
 * Customers who write one message after the other, delivered as Zendesk does: the same event again until
 * it is acknowledged, then the next.
 */
export function talkToShop(shop: ProcessShop, conversations: number) {
  const ids = Array.from(
    { length: conversations },
    () => shop.zendesk.createConversation({ account: 'acme' }).conversationId,
  );
  const acknowledged: Message[] = [];
  let refused = 0;
  let count = 0;
  let talking = true;

  const deliver = ({ event }: Pick<Message, 'event'>) =>
    shop.zendesk.deliver({ account: 'acme', clientId: shop.clientId, events: [event] });

  async function talk(conversationId: string): Promise<void> {
    while (talking) {
      const word = `word ${++count}.`;
      const event = shop.zendesk.buildMessageEvent({ conversationId, text: word });
      while ((await deliver({ event })) !== 200) {
        refused += 1;
        await sleep(5);
      }
      acknowledged.push({ conversationId, event, word });
    }
  }

  const customers = ids.map(talk);
  return {
    acknowledged,
    deliver,
    /** How many deliveries were not acknowledged at once. */
    refused: () => refused,
    async stop(): Promise<void> {
      talking = false;
      await Promise.all(customers);
    },
    /** The customers' words that the bot quoted, in order of its answers. */
    answers: (): string[] =>
      ids.flatMap((id) =>
        shop.zendesk
          .messages(id)
          .filter(({ author }) => author.type === 'business')
          .flatMap(({ content }) =>
            'text' in content ? (/word \d+\./.exec(String(content.text)) ?? []) : [],
          ),
      ),
  };
}
