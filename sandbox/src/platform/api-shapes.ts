import type { ChannelClient, Conversation, Message, Webhook } from '../state/records.ts';
import type { State } from '../state/state.ts';
import { showChannelClient, showDevice, showUserForWebhook } from './people-shapes.ts';
import type { Include } from './people-shapes.ts';
import { activeMember, pendingMember } from './switchboard-members.ts';

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

/** The message as the API answers it; the faces' own fields, and the campaign, stay inside. */
export function showMessage(state: State, message: Message): ShownMessage {
  const { id, received, author, content, metadata, activity, quotedMessageId } = message;
  const { campaign: _campaign, ...source } = message.source;
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

/**
 * The message as events carry it: the author's user is spelled out, the source as far as asked for. That
 * `activity` and subtypes are there is our reading: the description has them of the message in answers only.
 */
export function showMessageForWebhook(state: State, message: Message, include: Include) {
  const user = state.users.get(message.author.userId ?? '');
  return {
    ...showMessage(state, message),
    author: { ...message.author, ...(user && { user: showUserForWebhook(user, include) }) },
    source: showSource(state, message.source, include, sourceClient(state, message)),
  };
}

/** `client`: what the customer used. */
export function showSource(
  state: State,
  source: Message['source'],
  include: Include,
  client?: ChannelClient,
) {
  if (!include.includeFullSource || !client) return source;
  return {
    ...source,
    client: showChannelClient(client),
    ...(client.type === 'sdk' && { device: showDevice(state, client) }),
  };
}

/** The client of the channel that a customer's message came by. */
export function sourceClient(state: State, { author, source }: Pick<Message, 'author' | 'source'>) {
  if (author.userId === undefined) return undefined;
  const type = source.type === 'web' ? 'sdk' : source.type;
  return state.channelClientsByUser.get(author.userId)?.find((one) => one.type === type);
}

export function showWebhook(webhook: Webhook) {
  const { id, target, triggers, secret, includeFullUser, includeFullSource } = webhook;
  return { id, version: 'v2', target, triggers, secret, includeFullUser, includeFullSource };
}
