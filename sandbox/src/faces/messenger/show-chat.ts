import type { Platform } from '../../platform/create-platform.ts';
import type { Conversation, Message } from '../../state/records.ts';
import { showMessages } from '../../web/show-messages.ts';

/** What the chat page shows of a conversation. */
export function showChat({ state, typing }: Platform, conversation: Conversation, all: boolean) {
  const messages = state.messages.get(conversation.id) ?? [];
  return {
    ...showMessages(messages, all),
    replies: openReplies(messages),
    isTyping: typing.isTyping(conversation),
  };
}

/** Reply buttons are offered until anybody says something else. */
export function openReplies(messages: Message[]) {
  const content = messages.at(-1)?.content;
  const actions = content && 'actions' in content ? (content.actions ?? []) : [];
  return actions.filter((action) => action.type === 'reply');
}
