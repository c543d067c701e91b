import type { Conversation, Message, User } from '../../state/records.ts';
import { externalIdKey, removeFromList } from '../../state/state.ts';
import type { State } from '../../state/state.ts';
import type { Platform } from '../create-platform.ts';
import { publishRemoved } from '../events/conversation-events.ts';
import { publishUserRemoved } from '../events/people-events.ts';

/** What an account does with the data of its customers when they are to go. */
type Needs = Pick<Platform, 'state' | 'changes' | 'deliveries'>;

/** With its messages and files. */
export function removeConversation(needs: Needs, conversation: Conversation): void {
  publishRemoved(needs, conversation);
  forgetConversation(needs, conversation);
}

/**
 * With all conversations of their own; out of groups the user goes alone. That an event tells of each
 * of these as well is not documented.
 */
export function removeUser(needs: Needs, user: User): void {
  const { state, changes } = needs;
  publishUserRemoved(needs, user);
  for (const conversation of state.conversationsByUser.get(user.id) ?? []) {
    if (conversation.type === 'personal') forgetConversation(needs, conversation);
    else
      conversation.participants = conversation.participants.filter((one) => one.userId !== user.id);
  }
  for (const { id } of state.channelClientsByUser.get(user.id) ?? [])
    state.channelClients.delete(id);
  state.channelClientsByUser.delete(user.id);
  forgetUser(state, user);
  changes.announce({ account: user.account });
}

/** With their files. Nobody is told. */
export function removeMessages(
  { state, changes }: Pick<Needs, 'state' | 'changes'>,
  { id, account }: Conversation,
  isToGo: (message: Message) => boolean = () => true,
): void {
  const all = state.messages.get(id) ?? [];
  for (const { content } of all.filter(isToGo)) {
    if ('attachmentId' in content) state.attachments.delete(content.attachmentId ?? '');
  }
  state.messages.set(
    id,
    all.filter((message) => !isToGo(message)),
  );
  changes.announce({ account, conversationId: id });
}

export function forgetConversation(
  needs: Pick<Needs, 'state' | 'changes'>,
  conversation: Conversation,
): void {
  const { state, changes } = needs;
  const { id, account } = conversation;
  removeMessages(needs, conversation);
  for (const attachment of state.attachments.values())
    if (attachment.conversationId === id) state.attachments.delete(attachment.id);
  state.conversations.delete(id);
  state.messages.delete(id);
  for (const { userId } of conversation.participants)
    removeFromList(state.conversationsByUser, userId, conversation);
  changes.announce({ account, conversationId: id });
}

/** The user's record and what leads to it; conversations and clients are another's already. */
export function forgetUser(state: State, user: User): void {
  const { id, account, externalId, brandId, browserKeys = [] } = user;
  state.users.delete(id);
  state.conversationsByUser.delete(id);
  if (externalId !== undefined)
    state.usersByExternalId.delete(externalIdKey(account, externalId, brandId));
  for (const key of browserKeys) state.usersByBrowserKey.delete(key);
}
