import { z } from 'zod';
import { REPLY_KEY } from '../../runtime/outbox.ts';
import type { DeliveryFailure } from '../../runtime/types.ts';
import { leaveAlone, runWithTools, type DispatchResult, type Visit } from '../../runtime/visit.ts';
import { readBack, type StoredMessage } from '../../zendesk/conversations.ts';
import { describeContent, word } from '../shared/words.ts';

/** With it the messages are numbered that the bot sends when it is told. */
const ABOUT = 'undelivered';
/** Pages of a hundred messages: a channel says soon what it could not do. */
const PAGES_READ = 3;

/** OpenAPI messageDeliveryFailureEvent. */
const Failure = z.object({
  conversation: z.object({ id: z.string() }),
  message: z.object({ id: z.string() }).nullish(),
  /** The channel that did not deliver it. */
  destination: z.object({ type: word }).nullish().catch(undefined),
  error: z.object({ code: word, message: word }).nullish().catch(undefined),
  isFinalEvent: z.boolean().nullish().catch(undefined),
});

/**
 * Zendesk accepted a message, and the customer's channel refused it after the event that it answers was
 * done. The bot is told of its own messages alone, whoever is in control by now; and not of those it sent
 * when it was told, so that no circle begins.
 */
export async function reportUndelivered(visit: Visit, payload: object): Promise<DispatchResult> {
  const { bot, conversations, observe } = visit;
  const { conversation, message: failed, isFinalEvent, ...said } = Failure.parse(payload);
  if (isFinalEvent === false) return leaveAlone(visit, 'Zendesk goes on trying to deliver it.');
  const found = failed && (await findMessage(conversations, conversation.id, failed.id));
  const reply = found && readReplyKey(found.metadata);
  const message = found && describe(found);
  if (!reply || !message) return { state: 'ignored', note: 'It was no message of this bot.' };
  const channel = said.destination?.type;
  const [code, reason] = [said.error?.code, said.error?.message];
  const because = [reason, code && `(${code})`].filter(Boolean).join(' ') || 'no reason was given';
  const note = `${channel ?? 'The channel'} did not deliver reply ${reply.number} to event ${reply.eventId}: ${because}.`;
  const { onDeliveryFailed } = bot;
  if (!onDeliveryFailed || reply.about === ABOUT) return { state: 'done', note };
  const failure = { message, channel, code, reason };
  observe.step({ key: 'delivery-failure-handled' });
  return await runWithTools(
    visit,
    async (tools) => {
      await onDeliveryFailed({
        ...tools,
        conversation: { ...tools.conversation, channel },
        failure,
      });
      return `${note} onDeliveryFailed`;
    },
    { about: ABOUT },
  );
}

/** Which reply to which event a message is, counted from 1; undefined: it is none of ours. */
export function readReplyKey(metadata: StoredMessage['metadata']) {
  const key = metadata?.[REPLY_KEY];
  const [, eventId, about, digits] =
    (typeof key === 'string' && /^(.+?)(?::([a-z]+(?:-[a-z]+)*))?:(\d+)$/.exec(key)) || [];
  return eventId === undefined ? undefined : { eventId, about, number: Number(digits) + 1 };
}

/** As it is told in the history of the conversation. */
function describe(message: StoredMessage): DeliveryFailure['message'] | undefined {
  const { id, content, received, activity, deleted } = message;
  if (activity || deleted) return undefined;
  const text = describeContent(content);
  return { id, role: 'assistant', by: 'bot', text, at: new Date(received) };
}

async function findMessage(
  conversations: Visit['conversations'],
  conversationId: string,
  id: string,
): Promise<StoredMessage | undefined> {
  let pages = 0;
  for await (const messages of readBack(conversations, conversationId)) {
    const found = messages.find((message) => message.id === id);
    if (found !== undefined || ++pages === PAGES_READ) return found;
  }
  return undefined;
}
