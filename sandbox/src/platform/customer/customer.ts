import { ApiError } from '../../refused.ts';
import type { Action } from '../../state/actions.ts';
import type { Content } from '../../state/content.ts';
import type { Account, Conversation, Message, User } from '../../state/records.ts';
import type { State } from '../../state/state.ts';
import type { Metadata } from '../../state/values.ts';
import type { CreationReason } from '../create-events.ts';
import type { MessageDraft } from '../create-messages.ts';
import type { Platform } from '../create-platform.ts';

/** The one customer of a personal conversation. @throws ApiError 404 when there is none. */
export function customerOf(state: State, conversation: Conversation): User {
  const user = state.users.get(conversation.userIds[0] ?? '');
  if (!user) throw new ApiError(404, 'user_not_found', 'User not found');
  return user;
}

/** Where what the customer says comes from. */
export function sourceOf(state: State, account: string): Message['source'] {
  const integrationId = state.accounts.get(account)?.webIntegrationId;
  return { type: 'web', ...(integrationId !== undefined && { integrationId }) };
}

export function openConversation(
  { state, conversations }: Platform,
  account: Account,
  user: User,
  reason: CreationReason = 'startConversation',
): Conversation {
  const source = sourceOf(state, account.slug);
  return conversations.create({ account, type: 'personal', users: [user], reason, source });
}

interface Extras {
  metadata?: Metadata | undefined;
  quotedMessageId?: string;
  /** The widget can send what it does not show, to start a flow. */
  isHidden?: boolean | undefined;
}

/** What the customer says, before anybody has heard of it. */
export function draftOf(
  state: State,
  conversation: Conversation,
  content: Content,
  extras: Extras = {},
): MessageDraft {
  const user = customerOf(state, conversation);
  const name = user.profile?.givenName ?? 'Customer';
  return {
    author: { type: 'user', userId: user.id, displayName: name },
    content,
    source: sourceOf(state, conversation.account),
    speaker: { kind: 'customer', name },
    ...extras,
  };
}

/**
 * Sends what the customer says. Whoever gets new conversations takes over again when control was
 * released: the next words after the end of a session begin a new one (help 8009788438042).
 */
export function send(
  platform: Platform,
  conversation: Conversation,
  content: Content,
  extras?: Extras,
): Message {
  const { state, messages, switchboard, typing } = platform;
  const draft = draftOf(state, conversation, content, extras);
  typing.stop(conversation, 'customer');
  switchboard.takeUp(conversation);
  return messages.post(conversation, draft) ?? unreachable();
}

function unreachable(): never {
  throw new Error('Customer text is never a command');
}

export interface TextExtras extends Pick<Extras, 'metadata' | 'isHidden'> {
  /** Of the reply button that was pressed. */
  payload?: string | undefined;
}

export function sendText(
  platform: Platform,
  conversation: Conversation,
  text: string,
  { payload, ...extras }: TextExtras = {},
): Message {
  const content: Content = { type: 'text', text, ...(payload !== undefined && { payload }) };
  return send(platform, conversation, content, extras);
}

export interface Place {
  lat: number;
  long: number;
  name?: string | undefined;
  address?: string | undefined;
}

/** A place; `text` is what channels show that have no maps. */
export function sendLocation(
  platform: Platform,
  conversation: Conversation,
  { lat, long, name, address }: Place,
): Message {
  const text = `Location: https://maps.google.com/maps?q=${lat},${long}`;
  const location = { ...(name && { name }), ...(address && { address }) };
  return send(platform, conversation, {
    type: 'location',
    text,
    coordinates: { lat, long },
    ...(Object.keys(location).length > 0 && { location }),
  });
}

/** A postback leaves no message behind. */
export function pressPostback(
  { state, events, switchboard }: Platform,
  conversation: Conversation,
  payload: string,
): void {
  const sent = state.messages.get(conversation.id) ?? [];
  const metadata = findPostback(sent, payload)?.metadata;
  const postback = { payload, ...(metadata && { metadata }) };
  switchboard.takeUp(conversation);
  const source = sourceOf(state, conversation.account);
  events.postbackClicked(conversation, customerOf(state, conversation), postback, source);
}

type Postback = Extract<Action, { type: 'postback' }>;

/** The newest postback button with this payload among the messages of a conversation. */
export function findPostback(messages: Message[], payload: string): Postback | undefined {
  for (const message of messages.toReversed()) {
    for (const action of actionsOf(message)) {
      if (action.type === 'postback' && action.payload === payload) return action;
    }
  }
  return undefined;
}

function actionsOf({ content }: Message): Action[] {
  const own = 'actions' in content ? (content.actions ?? []) : [];
  const onCards = 'items' in content ? content.items.flatMap((card) => card.actions) : [];
  return [...own, ...onCards];
}
