import type { Deliveries } from '../deliveries/create-deliveries.ts';
import type { Conversation, Message, User } from '../state/records.ts';
import type { State } from '../state/state.ts';
import type { Metadata } from '../state/values.ts';
import {
  showMessageForWebhook,
  showSource,
  showTruncatedConversation,
  showUser,
  showUserForWebhook,
} from './api-shapes.ts';

export type CreationReason = 'message' | 'none' | 'startConversation';

export type ControlEvent =
  | 'switchboard:passControl'
  | 'switchboard:passControl:failure'
  | 'switchboard:offerControl'
  | 'switchboard:offerControl:failure'
  | 'switchboard:acceptControl'
  | 'switchboard:releaseControl';

export interface ControlDetails {
  metadata?: Metadata | undefined;
  reason?: 'ticketClosed' | undefined;
  error?: { code: string; message: string };
}

interface EventsOptions {
  state: State;
  deliveries: Pick<Deliveries, 'publish'>;
}

export type Events = ReturnType<typeof createEvents>;

/** Words what happens as events and hands them to the deliveries. */
export function createEvents({ state, deliveries }: EventsOptions) {
  function publish(
    type: string,
    conversation: Conversation,
    payload: Parameters<Deliveries['publish']>[0]['payload'],
  ) {
    const { account, id } = conversation;
    deliveries.publish({ account, type, lane: id, payload });
  }

  return {
    conversationCreated(
      conversation: Conversation,
      creationReason: CreationReason,
      source: Message['source'],
    ) {
      const user = state.users.get(conversation.userIds[0] ?? '');
      publish('conversation:create', conversation, (webhook) => ({
        conversation: showTruncatedConversation(state, conversation),
        creationReason,
        source: showSource(source, webhook),
        ...(user && { user: showUserForWebhook(user, webhook) }),
      }));
    },

    /** Sent for every author: a bot hears its own messages too. */
    messagePosted(conversation: Conversation, message: Message) {
      publish('conversation:message', conversation, (webhook) => ({
        conversation: showTruncatedConversation(state, conversation),
        message: showMessageForWebhook(state, message, webhook),
      }));
    },

    postbackClicked(
      conversation: Conversation,
      user: User,
      postback: { payload: string; metadata?: Metadata | undefined },
      source: Message['source'],
    ) {
      publish('conversation:postback', conversation, (webhook) => ({
        conversation: showTruncatedConversation(state, conversation),
        postback,
        user: showUserForWebhook(user, webhook),
        source: showSource(source, webhook),
      }));
    },

    /** The customer types or has read. */
    customerActed(
      conversation: Conversation,
      user: User,
      type: 'conversation:read' | 'typing:start' | 'typing:stop',
      source: Message['source'],
    ) {
      const trigger = type === 'conversation:read' ? type : 'conversation:typing';
      publish(trigger, conversation, (webhook) => ({
        conversation: showTruncatedConversation(state, conversation),
        activity: {
          type,
          author: { type: 'user', userId: user.id, user: showUserForWebhook(user, webhook) },
          source: showSource(source, webhook),
        },
      }));
    },

    conversationRemoved(conversation: Conversation) {
      const truncated = showTruncatedConversation(state, conversation);
      publish('conversation:remove', conversation, () => ({ conversation: truncated }));
    },

    userRemoved(user: User) {
      const { account, id: lane } = user;
      deliveries.publish({
        account,
        type: 'user:remove',
        lane,
        payload: (webhook) => ({ user: showUserForWebhook(user, webhook) }),
      });
    },

    /** `merged`: the conversations that became one, if any did. */
    usersMerged(
      surviving: User,
      discarded: User,
      merged: { into: Conversation; from: Conversation } | undefined,
    ) {
      const { account, id: lane } = surviving;
      const show = (conversation: Conversation) => showTruncatedConversation(state, conversation);
      const conversations = merged && {
        surviving: show(merged.into),
        discarded: show(merged.from),
      };
      deliveries.publish({
        account,
        type: 'user:merge',
        lane,
        payload: () => ({
          mergedUsers: { surviving: showUser(surviving), discarded: showUser(discarded) },
          ...(conversations && { mergedConversations: conversations }),
          reason: 'api',
        }),
      });
    },

    controlChanged(type: ControlEvent, conversation: Conversation, details: ControlDetails) {
      const { metadata, reason, error } = details;
      publish(type, conversation, () => ({
        conversation: showTruncatedConversation(state, conversation),
        ...(metadata && { metadata }),
        ...(reason && { reason }),
        ...(error && { error }),
      }));
    },
  };
}
