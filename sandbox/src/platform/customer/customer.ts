import type { Action } from '../../state/actions.ts';
import { wordPlace } from '../../state/content.ts';
import type { Content } from '../../state/content.ts';
import type { Account, Conversation, Message, User } from '../../state/records.ts';
import type { Metadata } from '../../state/values.ts';
import { createConversation, customerOf } from '../conversations/conversations.ts';
import { postMessage } from '../conversations/messages.ts';
import type { MessageDraft } from '../conversations/messages.ts';
import { takeUp } from '../conversations/switchboard.ts';
import type { Platform } from '../create-platform.ts';
import { publishPostback, publishReferral } from '../events/conversation-events.ts';
import type { CreationReason, Referral } from '../events/conversation-events.ts';
import { sourceOf, useChannel, webClientOf } from '../people/channels.ts';
import type { Channel } from '../people/channels.ts';

export interface Opening {
  reason?: CreationReason | undefined;
  /** The campaign whose message opened it, for `proactiveMessaging`. */
  campaignId?: string | undefined;
  referral?: Referral | undefined;
}

/** A customer opens a conversation in the Messenger, or something else opens it there for them. */
export function openConversation(
  platform: Platform,
  account: Account,
  user: User,
  { reason = 'startConversation', campaignId, referral }: Opening = {},
): Conversation {
  const client = webClientOf(platform, user);
  const source = {
    ...sourceOf(platform.state, client),
    ...(campaignId !== undefined && { campaign: { id: campaignId } }),
  };
  const clients = [client];
  const common = { account, type: 'personal' as const, users: [user], clients, source };
  return createConversation(platform, { ...common, reason, referral });
}

/** The customer comes back to a conversation by a link or an advertisement. */
export function arriveByReferral(
  platform: Platform,
  conversation: Conversation,
  referral: Referral,
): void {
  const source = sourceOf(platform.state, useChannel(platform, conversation));
  const user = customerOf(platform.state, conversation);
  publishReferral(platform, conversation, referral, { user, source });
}

export interface Extras {
  metadata?: Metadata | undefined;
  /** The form that this answers. */
  quotedMessageId?: string | undefined;
  /** The widget can send what it does not show, to start a flow. */
  isHidden?: boolean | undefined;
  /** Default: the one that was used last. */
  channel?: Channel | undefined;
}

/** What the customer says, before anybody has heard of it. */
export function draftOf(
  platform: Pick<Platform, 'state'>,
  conversation: Conversation,
  content: Content,
  { channel, ...extras }: Extras = {},
): MessageDraft {
  const user = customerOf(platform.state, conversation);
  const name = user.profile?.givenName ?? 'Customer';
  return {
    author: { type: 'user', userId: user.id, displayName: name },
    content,
    source: sourceOf(platform.state, useChannel(platform, conversation, channel)),
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
  const draft = draftOf(platform, conversation, content, extras);
  platform.typing.stop(conversation, 'customer');
  takeUp(platform, conversation);
  return postMessage(platform, conversation, draft);
}

export interface TextExtras extends Omit<Extras, 'quotedMessageId'> {
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

/** A place. */
export function sendLocation(
  platform: Platform,
  conversation: Conversation,
  { lat, long, name, address }: Place,
): Message {
  const location = { ...(name && { name }), ...(address && { address }) };
  return send(platform, conversation, {
    type: 'location',
    text: wordPlace(lat, long),
    coordinates: { lat, long },
    ...(Object.keys(location).length > 0 && { location }),
  });
}

/** A postback leaves no message behind. */
export function pressPostback(
  platform: Platform,
  conversation: Conversation,
  payload: string,
): void {
  const { state } = platform;
  const metadata = findPostback(state.messages.get(conversation.id) ?? [], payload)?.metadata;
  const postback = { payload, ...(metadata && { metadata }) };
  takeUp(platform, conversation);
  const source = sourceOf(state, useChannel(platform, conversation));
  const user = customerOf(state, conversation);
  publishPostback(platform, conversation, postback, { user, source });
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
