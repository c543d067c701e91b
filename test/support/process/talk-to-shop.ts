import { setTimeout as sleep } from 'node:timers/promises';
import type { startProcessShop } from './start-process-shop.ts';

/** Without a pause, customers who are refused would keep the processor from the app that starts. */
const RETRY_MS = 100;
const TYPING_MS = 60;

type ProcessShop = Awaited<ReturnType<typeof startProcessShop>>;

/** What a customer wrote, as it was delivered. */
export interface Said {
  conversationId: string;
  event: ReturnType<ProcessShop['zendesk']['buildMessageEvent']>;
  /** Its whole text; no two are the same. */
  words: string;
}

export function openConversation(shop: ProcessShop): string {
  return shop.zendesk.createConversation({ account: 'acme' }).conversationId;
}

/** Lets a customer write something that is not delivered yet. */
export function write(shop: ProcessShop, conversationId: string, words: string): Said {
  const event = shop.zendesk.buildMessageEvent({ conversationId, text: words });
  return { conversationId, event, words };
}

/** Answers the status the app gave. */
export function deliver(shop: ProcessShop, { event }: Said): Promise<number | null> {
  return shop.zendesk.deliver({ account: 'acme', clientId: shop.clientId, events: [event] });
}

/** The words that the bot quoted in a conversation, in order of its answers. */
export function answersIn(shop: ProcessShop, conversationId: string): string[] {
  return shop.zendesk
    .messages(conversationId)
    .filter(({ author }) => author.type === 'business')
    .flatMap(({ content }) => {
      const quoted = 'text' in content ? /“(.+?)”/.exec(String(content.text))?.[1] : undefined;
      return quoted?.startsWith('word') === true ? [quoted] : [];
    });
}

/**
 * Customers who write one message after the other, delivered as Zendesk does: the same event again until
 * it is acknowledged, then the next.
 */
export function startTalking(shop: ProcessShop, { customers }: { customers: number }) {
  const conversationIds = Array.from({ length: customers }, () => openConversation(shop));
  const acknowledged: Said[] = [];
  let refused = 0;
  let count = 0;
  let talking = true;

  async function talk(conversationId: string): Promise<void> {
    while (talking) {
      const said = write(shop, conversationId, `word ${++count} in ${conversationId}`);
      while ((await deliver(shop, said)) !== 200) {
        refused += 1;
        await sleep(RETRY_MS);
      }
      acknowledged.push(said);
      await sleep(TYPING_MS);
    }
  }

  const talks = conversationIds.map(talk);
  return {
    conversationIds,
    acknowledged,
    /** How many deliveries were not acknowledged at once. */
    refused: () => refused,
    async stop(): Promise<void> {
      talking = false;
      await Promise.all(talks);
    },
  };
}
