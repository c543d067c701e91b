import type { Conversation, Message, User, Webhook } from '../../state/records.ts';
import type { State } from '../../state/state.ts';
import type { Metadata } from '../../state/values.ts';
import {
  showMessageForWebhook,
  showSource,
  showTruncatedConversation,
  sourceClient,
} from '../api-shapes.ts';
import type { Platform } from '../create-platform.ts';
import { showTruncatedUser, showUserForWebhook } from '../people-shapes.ts';

/** The source of what the business sends first, with the Notification API. */
export const NOTIFICATION = 'api:notification';

/** Words what happens in conversations as events and hands them to the deliveries. */
export type Needs = Pick<Platform, 'state' | 'deliveries'>;

export type CreationReason =
  | 'linkRequest'
  | 'message'
  | 'none'
  | 'notification'
  | 'prechatCapture'
  | 'startConversation'
  | 'proactiveMessaging';

/** How a customer came: by an advertisement, or a link with a code. */
export interface Referral {
  code: string;
  details?: { source: string; type: string; adId?: string };
}

/** What a person does, and by which channel. */
export interface Act {
  user: User;
  source: Message['source'];
}

/** Every event of a conversation shows it as it is now; most have no webhook that asked for them. */
export function publish(
  { state, deliveries }: Needs,
  type: string,
  conversation: Conversation,
  payload: (webhook: Webhook) => Record<string, unknown>,
): void {
  const { account, id: lane } = conversation;
  deliveries.publish({
    account,
    type,
    lane,
    payload: (webhook) => ({
      conversation: showTruncatedConversation(state, conversation),
      ...payload(webhook),
    }),
  });
}

/** Who did something and where from, as far as the webhook asked for it. */
function showAct({ state }: Needs, { user, source }: Act, webhook: Webhook) {
  const client = sourceClient(state, { author: { type: 'user', userId: user.id }, source });
  return {
    user: showUserForWebhook(user, webhook),
    source: showSource(state, source, webhook, client),
  };
}

export function publishCreated(
  needs: Needs,
  conversation: Conversation,
  reason: CreationReason,
  {
    user,
    source,
    referral,
  }: Partial<Pick<Act, 'user'>> & {
    source: Message['source'];
    referral?: Referral | undefined;
  },
): void {
  publish(needs, 'conversation:create', conversation, (webhook) => ({
    creationReason: reason,
    ...(user ? showAct(needs, { user, source }, webhook) : { source }),
    ...(referral && { referral }),
  }));
}

/** Sent for every author: a bot hears its own messages too. */
export function publishMessage(needs: Needs, conversation: Conversation, message: Message): void {
  const { state } = needs;
  const notifications = listNotifications(state, message);
  publish(needs, 'conversation:message', conversation, (webhook) => ({
    message: showMessageForWebhook(state, message, webhook),
    ...(notifications.length > 0 && {
      recentNotifications: notifications.map((one) => showMessageForWebhook(state, one, webhook)),
    }),
  }));
}

/** What a customer answers: the notifications since their last words. */
function listNotifications({ messages }: State, { id, conversationId, author }: Message) {
  if (author.type !== 'user') return [];
  const before = (messages.get(conversationId) ?? []).filter((one) => one.id !== id);
  const last = before.findLastIndex((one) => one.author.type === 'user');
  return before.slice(last + 1).filter(({ source }) => source.type === NOTIFICATION);
}

export function publishPostback(
  needs: Needs,
  conversation: Conversation,
  postback: { payload: string; metadata?: Metadata | undefined },
  act: Act,
): void {
  publish(needs, 'conversation:postback', conversation, (webhook) => ({
    postback,
    ...showAct(needs, act, webhook),
  }));
}

export type ActivityType = 'conversation:read' | 'typing:start' | 'typing:stop';

/** A customer types or has read. */
export function publishActivity(
  needs: Needs,
  conversation: Conversation,
  type: ActivityType,
  act: Act,
): void {
  const trigger = type === 'conversation:read' ? type : 'conversation:typing';
  publish(needs, trigger, conversation, (webhook) => {
    const { user, source } = showAct(needs, act, webhook);
    return { activity: { type, author: { type: 'user', userId: user.id, user }, source } };
  });
}

export function publishReferral(
  needs: Needs,
  conversation: Conversation,
  referral: Referral,
  act: Act,
): void {
  publish(needs, 'conversation:referral', conversation, (webhook) => ({
    referral,
    ...showAct(needs, act, webhook),
  }));
}

export function publishMembership(
  needs: Needs,
  type: 'conversation:join' | 'conversation:leave',
  conversation: Conversation,
  user: User,
): void {
  publish(needs, type, conversation, () => ({ user: showTruncatedUser(user) }));
}

export function publishRemoved(needs: Needs, conversation: Conversation): void {
  publish(needs, 'conversation:remove', conversation, () => ({}));
}

type ControlAction = 'passControl' | 'offerControl' | 'acceptControl';

/** `releaseControl` cannot fail without an answer that says so. */
export type ControlTrigger =
  | `switchboard:${ControlAction}`
  | `switchboard:${ControlAction}:failure`
  | 'switchboard:releaseControl';

export interface ControlDetails {
  metadata?: Metadata | undefined;
  reason?: 'ticketClosed' | 'transferToEmail' | undefined;
  error?: { code: string; message: string };
}

export function publishControl(
  needs: Needs,
  type: ControlTrigger,
  conversation: Conversation,
  { metadata, reason, error }: ControlDetails,
): void {
  publish(needs, type, conversation, () => ({
    ...(metadata && { metadata }),
    ...(reason && { reason }),
    ...(error && { error }),
  }));
}
