import { ApiError } from '../refused.ts';
import type { Action } from '../state/actions.ts';
import type { Account, Conversation, Message, User } from '../state/records.ts';
import type { State } from '../state/state.ts';
import type { Conversations } from './create-conversations.ts';
import type { CreationReason, Events } from './create-events.ts';
import type { Messages } from './create-messages.ts';

interface CustomerOptions {
  state: State;
  events: Events;
  conversations: Conversations;
  messages: Messages;
}

/** What a customer does in the account's Messenger. */
export function createCustomer({ state, events, conversations, messages }: CustomerOptions) {
  function customerOf(conversation: Conversation): User {
    const user = state.users.get(conversation.userIds[0] ?? '');
    if (!user) throw new ApiError(404, 'user_not_found', 'User not found');
    return user;
  }

  function draftOf(conversation: Conversation, text: string, payload?: string) {
    const user = customerOf(conversation);
    const name = user.profile?.givenName ?? 'Customer';
    return {
      author: { type: 'user' as const, userId: user.id, displayName: name },
      content: { type: 'text' as const, text, ...(payload !== undefined && { payload }) },
      source: webSource(state, conversation.account),
      speaker: { kind: 'customer' as const, name },
    };
  }

  return {
    open(account: Account, user: User, reason: CreationReason): Conversation {
      const source = webSource(state, account.slug);
      return conversations.create({ account, type: 'personal', users: [user], reason, source });
    },

    /** `payload` is set when the text comes from a reply button. */
    say(conversation: Conversation, text: string, payload?: string): Message {
      const message = messages.post(conversation, draftOf(conversation, text, payload));
      if (!message) throw new Error('Customer text is never a command');
      return message;
    },

    /** As `say`, but nobody is told: for events made by hand. */
    note(conversation: Conversation, text: string): Message {
      return messages.store(conversation, draftOf(conversation, text));
    },

    /** A postback leaves no message behind. */
    click(conversation: Conversation, payload: string): void {
      const sent = state.messages.get(conversation.id) ?? [];
      const metadata = findPostback(sent, payload)?.metadata;
      const postback = { payload, ...(metadata && { metadata }) };
      const source = webSource(state, conversation.account);
      events.postbackClicked(conversation, customerOf(conversation), postback, source);
    },
  };
}

function webSource(state: State, account: string): Message['source'] {
  const integrationId = state.accounts.get(account)?.webIntegrationId;
  return { type: 'web', ...(integrationId !== undefined && { integrationId }) };
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
