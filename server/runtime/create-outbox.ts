import type { Tracer } from '../explain/create-tracer.ts';
import type { ZendeskAccount } from '../zendesk/account.ts';
import type { MessageContent } from '../zendesk/conversations.ts';

/** Metadata key on each of our messages; its value names the event and the reply's number. */
export const REPLY_KEY = 'shopkeeperReply';

/** How far the platform's clock and ours may differ while we look for what was sent. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

export interface Delivery {
  eventId: string;
  conversationId: string;
  /** Epoch milliseconds. */
  receivedAt: number;
  /** 1 for the first time this event is handled. */
  attempt: number;
}

/**
 * Sends each reply of an event once, whatever happens in between: the replies are numbered, and from
 * the second attempt on those that the conversation already holds are skipped.
 */
export function createOutbox(options: {
  conversations: ZendeskAccount['conversations'];
  delivery: Delivery;
  tracer: Tracer;
}) {
  const { conversations, delivery, tracer } = options;
  let count = 0;
  let alreadySent: Promise<Set<string>> | undefined;

  return async function sendOnce(content: MessageContent): Promise<void> {
    const number = ++count;
    const key = `${delivery.eventId}:${number - 1}`;
    if (delivery.attempt > 1) {
      alreadySent ??= findSentReplies(conversations, delivery);
      if ((await alreadySent).has(key)) return tracer.note('reply-found', { number });
    }
    await conversations.postMessage(delivery.conversationId, {
      content,
      metadata: { [REPLY_KEY]: key },
    });
  };
}

async function findSentReplies(
  conversations: ZendeskAccount['conversations'],
  { conversationId, receivedAt }: Delivery,
): Promise<Set<string>> {
  const found = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await conversations.listMessages(conversationId, cursor);
    for (const { metadata } of page.messages) {
      const key = metadata?.[REPLY_KEY];
      if (typeof key === 'string') found.add(key);
    }
    const oldest = Math.min(...page.messages.map(({ received }) => Date.parse(received)));
    const reachedEvent = oldest < receivedAt - CLOCK_TOLERANCE_MS;
    cursor =
      page.meta?.hasMore && !reachedEvent ? (page.meta.beforeCursor ?? undefined) : undefined;
  } while (cursor !== undefined);
  return found;
}
