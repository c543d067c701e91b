import { describeContent } from '../shared/words.ts';
import { REPLY_KEY } from '../../runtime/outbox.ts';
import type { History, Turn } from '../../runtime/types.ts';
import { readBack, type StoredMessage } from '../../zendesk/conversations.ts';
import type { Attempt } from '../attempt.ts';

declare module '../../runtime/types.ts' {
  /** One thing that was said. */
  export interface Turn {
    /** Of the message, as handOff() takes it for `firstMessageId`. */
    id: string;
    /** As language models call it. */
    role: 'user' | 'assistant';
    by: 'customer' | 'bot' | 'agent';
    /** What was written; of a picture or a file its caption, else its `altText`, else its kind: `[image]`. */
    text: string;
    at: Date;
  }

  /** The last `limit` (20) turns up to now, at most 1 000. @throws RemoteError */
  export type History = (options?: { limit?: number | undefined }) => Promise<Turn[]>;

  interface Tools {
    /** What was said before, as plain turns, oldest first: ready for a language model. */
    history: History;
  }
}

const MOST = 1_000;

/**
 * What was said up to an event. Neither what the customer wrote after it, which is answered by itself, nor
 * what an earlier attempt at the event has sent: so each attempt reads the same.
 */
export function openHistory({
  client: { conversations },
  event: { event_id: eventId },
  conversationId,
  messageId,
}: Pick<Attempt, 'client' | 'event' | 'conversationId' | 'messageId'>): History {
  return async function history({ limit = 20 } = {}) {
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
      throw new RangeError(
        `The limit of history() is ${limit}; it has to be a whole number from 1 to ${MOST}.`,
      );
    const turns: Turn[] = [];
    let isAfterEvent = messageId !== undefined;
    for await (const page of readBack(conversations, conversationId))
      for (const message of page.toReversed()) {
        isAfterEvent &&= message.id !== messageId;
        const turn = isAfterEvent || isReplyTo(eventId, message) ? undefined : readTurn(message);
        if (turn !== undefined) turns.unshift(turn);
        if (turns.length === limit) return turns;
      }
    return turns;
  };
}

function isReplyTo(eventId: string, { metadata }: StoredMessage): boolean {
  const key = metadata?.[REPLY_KEY];
  return typeof key === 'string' && key.startsWith(`${eventId}:`);
}

/** Nothing of what the system says by a message of its own, and nothing of what was deleted. */
function readTurn(message: StoredMessage): Turn | undefined {
  const { id, author, content, metadata, received, activity, deleted } = message;
  if (activity || deleted) return undefined;
  const by =
    author.type === 'user' ? 'customer' : metadata?.[REPLY_KEY] === undefined ? 'agent' : 'bot';
  return {
    id,
    role: by === 'customer' ? 'user' : 'assistant',
    by,
    text: describeContent(content),
    at: new Date(received),
  };
}
