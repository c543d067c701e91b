import { readBack, type StoredMessage } from '../../zendesk/conversations.ts';
import type { ConversationEvent } from '../../zendesk/events.ts';
import { runWithTools, type DispatchDeps, type DispatchResult } from '../in-control.ts';
import { readReplyKey } from '../outbox.ts';
import type { DeliveryFailure, Tools } from '../types.ts';
import { describeContent } from './words.ts';

type Failure = Extract<ConversationEvent, { type: 'conversation:message:delivery:failure' }>;

/** Pages of a hundred messages: a channel says soon what it could not do. */
const PAGES_READ = 3;

/**
 * Zendesk accepted a message, and the customer's channel refused it after the event that it answers was
 * done. The bot is told of its own messages alone, whoever is in control by now; and not of those it sent
 * when it was told, so that no circle begins.
 */
export async function reportUndelivered(
  deps: DispatchDeps,
  { payload }: Failure,
): Promise<DispatchResult> {
  const { bot, conversations, observe } = deps;
  const { conversation, destination, error } = payload;
  const found = await findMessage(conversations, conversation.id, payload.message.id);
  const reply = found && readReplyKey(found.metadata);
  const message = found && describe(found);
  if (!reply || !message) return { state: 'ignored', note: 'It was no message of this bot.' };
  const channel = destination?.type ?? undefined;
  const [code, reason] = [error?.code ?? undefined, error?.message ?? undefined];
  const because = [reason, code && `(${code})`].filter(Boolean).join(' ') || 'no reason was given';
  const note = `${channel ?? 'The channel'} did not deliver reply ${reply.number} to event ${reply.eventId}: ${because}.`;
  const { onDeliveryFailed } = bot;
  if (!onDeliveryFailed || reply.about === 'undelivered') return { state: 'done', note };
  const failure = { message, channel, code, reason };
  observe.step({ key: 'delivery-failure-handled' });
  async function run(tools: Tools): Promise<string> {
    await onDeliveryFailed?.({ ...tools, failure });
    return `${note} onDeliveryFailed`;
  }
  return await runWithTools(deps, run, { about: 'undelivered' });
}

/** As it is told in the history of the conversation. */
function describe(message: StoredMessage): DeliveryFailure['message'] | undefined {
  const { id, content, received, activity, deleted } = message;
  if (activity || deleted) return undefined;
  const text = describeContent(content);
  return { id, role: 'assistant', by: 'bot', text, at: new Date(received) };
}

async function findMessage(
  conversations: DispatchDeps['conversations'],
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
