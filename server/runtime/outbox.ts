import type { Observe } from '../observe.ts';
import type { ZendeskClient } from '../zendesk/client.ts';
import {
  readBack,
  type Content,
  type Metadata,
  type StoredMessage,
} from '../zendesk/conversations.ts';

type Conversations = ZendeskClient['conversations'];

/** Metadata key on each of our messages; its value names the event and the reply's number. */
export const REPLY_KEY = 'shopkeeperReply';

/**
 * How long before its delivery an event may have been answered: after a restore, the 15 minutes for which
 * Zendesk delivers again, and as much again for clocks that differ.
 */
const LOOK_BACK_MS = 30 * 60_000;
/** In answer to one event. A loop that does not end would send for 30 seconds, at each of eight attempts. */
const MOST_MESSAGES = 100;

export interface Delivery {
  eventId: string;
  conversationId: string;
  /** Epoch milliseconds. */
  receivedAt: number;
  /** Whether some of its replies may have been sent before. */
  possiblyAnswered: boolean;
  /** What is said about the event beside its answer has numbers of its own, under this word. */
  about?: string | undefined;
}

/** What is posted, without what is the same in all of the bot's messages (OpenAPI messagePost). */
export interface OutgoingMessage {
  /** A function makes it when it is sent, which may take long; it is not called for what was sent before. */
  content: Content | (() => Promise<Content>);
  metadata?: Metadata;
  schema?: string;
  /** An attempt before this one has sent it; `content` is what Zendesk has of it. */
  onFound?: (content: StoredMessage['content']) => void;
}

/** Sends each reply of an event once: they are numbered, and those that it may have sent before are looked for. */
export function createOutbox(options: {
  conversations: Conversations;
  delivery: Delivery;
  observe: Pick<Observe, 'step'>;
}) {
  const { conversations, delivery, observe } = options;
  const { eventId, about } = delivery;
  const keyStart = about === undefined ? eventId : `${eventId}:${about}`;
  let count = 0;
  let alreadySent: Promise<Map<string, StoredMessage>> | undefined;

  /** `beforeSending` is asked of what has not been sent, maybe twice, and throws to keep it from being sent. */
  return async function sendOnce(
    { content, metadata, onFound, ...message }: OutgoingMessage,
    beforeSending: () => Promise<void>,
  ): Promise<void> {
    const number = ++count;
    if (number > MOST_MESSAGES)
      throw new RangeError(
        `${MOST_MESSAGES} messages were sent in answer to one event, and that is the most: perhaps a loop does not end, or a text is too long.`,
      );
    const key = `${keyStart}:${number - 1}`;
    if (delivery.possiblyAnswered) {
      alreadySent ??= findSentReplies(conversations, delivery);
      const sent = (await alreadySent).get(key);
      if (sent !== undefined) {
        onFound?.(sent.content);
        return observe.step({ key: 'reply-found', number });
      }
    }
    await beforeSending();
    const isMade = typeof content === 'function';
    const made = isMade ? await content() : content;
    if (isMade) await beforeSending();
    await conversations.postMessage(delivery.conversationId, {
      ...message,
      content: made,
      metadata: { ...metadata, [REPLY_KEY]: key },
    });
  };
}

async function findSentReplies(
  conversations: Conversations,
  { conversationId, receivedAt }: Delivery,
): Promise<Map<string, StoredMessage>> {
  const found = new Map<string, StoredMessage>();
  for await (const messages of readBack(conversations, conversationId)) {
    for (const message of messages) {
      const key = message.metadata?.[REPLY_KEY];
      if (typeof key === 'string') found.set(key, message);
    }
    const oldest = Math.min(...messages.map(({ received }) => Date.parse(received)));
    if (oldest < receivedAt - LOOK_BACK_MS) break;
  }
  return found;
}
