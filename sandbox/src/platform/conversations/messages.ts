import { ApiError } from '../../refused.ts';
import type { Conversation, Message } from '../../state/records.ts';
import { addMessage } from '../../state/state.ts';
import { newId } from '../../state/values.ts';
import type { Platform } from '../create-platform.ts';
import { publishMessage } from '../events/conversation-events.ts';
import { deliverToChannels, findRecipients } from './delivery.ts';
import type { Destination } from './delivery.ts';
import { passControl } from './switchboard.ts';

export type MessageDraft = Omit<Message, 'id' | 'received' | 'conversationId'>;

type Needs = Pick<Platform, 'state' | 'changes' | 'deliveries' | 'faults' | 'limits' | 'typing'>;

/** Stores the message and tells nobody but the pages. @throws ApiError 423 when the conversation is full. */
export function storeMessage(
  { state, changes, limits }: Pick<Needs, 'state' | 'changes' | 'limits'>,
  conversation: Conversation,
  draft: MessageDraft,
): Message {
  const most = limits.messagesPerConversation;
  if ((state.messages.get(conversation.id)?.length ?? 0) >= most) {
    throw new ApiError(423, 'locked', `Message limit of ${most} per conversation reached.`);
  }
  const received = new Date().toISOString();
  const message = { ...draft, id: newId(), received, conversationId: conversation.id };
  addMessage(state, message);
  conversation.lastUpdatedAt = received;
  changes.announce({ account: conversation.account, conversationId: conversation.id });
  return message;
}

/** Stores and announces it. */
export function postMessage(needs: Needs, conversation: Conversation, draft: MessageDraft) {
  const message = storeMessage(needs, conversation, draft);
  publishMessage(needs, conversation, message);
  return message;
}

/**
 * What the business says, to whom the destination names. Text that is a control command is carried out
 * instead: nothing is stored and undefined comes back. A silent message is hidden from the customer.
 * @throws ApiError 400 when nobody is reached at the destination.
 */
export function postAsBusiness(
  needs: Needs,
  conversation: Conversation,
  draft: MessageDraft,
  destination?: Destination,
): Message | undefined {
  const recipients = findRecipients(needs.state, conversation, destination);
  needs.typing.stop(conversation);
  const { content } = draft;
  const target = content.type === 'text' ? readControlShorthand(content.text ?? '') : undefined;
  if (target !== undefined) {
    passControl(needs, conversation, target);
    return undefined;
  }
  const isHidden = destination !== undefined && recipients.length === 0;
  const said = isHidden ? { ...draft, isHidden } : draft;
  const message = postMessage(needs, conversation, said);
  deliverToChannels(needs, conversation, message, recipients);
  return message;
}

/** A line that the system writes itself: an ordinary text with the activity behind it. */
export function postSystemLine(
  needs: Needs,
  conversation: Conversation,
  { text, ...activity }: NonNullable<Message['activity']> & { text: string },
): Message {
  return postMessage(needs, conversation, {
    author: { type: 'business', subtypes: ['activity'] },
    content: { type: 'text', text },
    source: { type: 'api:conversations' },
    activity,
    speaker: { kind: 'system', name: 'Zendesk' },
  });
}

const SHORTHAND = /%\(\(switchboard:passControl(?::([^()]+))?\)\)%/;

/**
 * Business text can carry a control command: `%((switchboard:passControl))%` or
 * `%((switchboard:passControl:name))%`. Returns the target it names, `next` when it names none,
 * undefined when the text is just text.
 */
function readControlShorthand(text: string): string | undefined {
  const match = SHORTHAND.exec(text);
  return match ? (match[1] ?? 'next') : undefined;
}
