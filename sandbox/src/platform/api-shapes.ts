import type { Conversation, Message, User, Webhook } from '../state/records.ts';
import type { State } from '../state/state.ts';
import { activeMember, pendingMember } from './switchboard-members.ts';

/** How much of users and sources a webhook asked for. */
type Include = Pick<Webhook, 'includeFullUser' | 'includeFullSource'>;

/** The conversation as events carry it. Without an active integration the field is left out. */
export function showTruncatedConversation(state: State, conversation: Conversation) {
  const active = activeMember(state, conversation);
  const pending = pendingMember(state, conversation);
  return {
    id: conversation.id,
    type: conversation.type,
    ...(conversation.metadata && { metadata: conversation.metadata }),
    ...(active && { activeSwitchboardIntegration: active }),
    ...(pending && { pendingSwitchboardIntegration: pending }),
  };
}

export function showConversation(state: State, conversation: Conversation) {
  const { isDefault, displayName, description, iconUrl } = conversation;
  const { businessLastRead, lastUpdatedAt, createdAt } = conversation;
  return {
    ...showTruncatedConversation(state, conversation),
    ...(displayName && { displayName }),
    ...(description && { description }),
    ...(iconUrl && { iconUrl }),
    ...(businessLastRead && { businessLastRead }),
    isDefault,
    lastUpdatedAt,
    createdAt,
  };
}

/** The message as the API answers it; the faces' own fields stay inside. */
export function showMessage(state: State, message: Message): ShownMessage {
  const { id, received, author, content, source, metadata, activity, quotedMessageId } = message;
  const quoted = state.messages
    .get(message.conversationId)
    ?.find((one) => one.id === quotedMessageId);
  return {
    id,
    received,
    author,
    content,
    source,
    ...(metadata && { metadata }),
    ...(activity && { activity }),
    ...(quoted && { quotedMessage: { type: 'message', message: showMessage(state, quoted) } }),
  };
}

type ShownMessage = Pick<
  Message,
  'id' | 'received' | 'author' | 'content' | 'source' | 'metadata' | 'activity'
> & { quotedMessage?: { type: 'message'; message: ShownMessage } };

/** The message as events carry it: the author's user is spelled out, the source as far as asked for. */
export function showMessageForWebhook(state: State, message: Message, include: Include) {
  const user = state.users.get(message.author.userId ?? '');
  const { source } = message;
  return {
    ...showMessage(state, message),
    author: { ...message.author, ...(user && { user: showUserForWebhook(user, include) }) },
    source: showSource(source, include),
  };
}

export function showSource(source: Message['source'], include: Include) {
  if (!include.includeFullSource || source.type !== 'web') return source;
  return {
    ...source,
    client: { type: 'sdk', status: 'active', integrationId: source.integrationId },
  };
}

export function showUser(user: User) {
  const { id, authenticated, externalId, brandId, signedUpAt, toBeRetained } = user;
  return {
    id,
    authenticated,
    ...(externalId !== undefined && { externalId }),
    ...(brandId && { brandId }),
    ...(signedUpAt !== undefined && { signedUpAt }),
    ...(toBeRetained !== undefined && { toBeRetained }),
    profile: user.profile ?? {},
    metadata: user.metadata ?? {},
    identities: [],
  };
}

export function showUserForWebhook(user: User, include: Include) {
  if (include.includeFullUser) return showUser(user);
  const { id, authenticated, externalId, brandId } = user;
  return {
    id,
    authenticated,
    ...(externalId !== undefined && { externalId }),
    ...(brandId && { brandId }),
  };
}

export function showWebhook(webhook: Webhook) {
  const { id, target, triggers, secret, includeFullUser, includeFullSource } = webhook;
  return { id, version: 'v2', target, triggers, secret, includeFullUser, includeFullSource };
}
