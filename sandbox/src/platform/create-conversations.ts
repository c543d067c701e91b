import { ApiError } from '../refused.ts';
import type { Changes } from '../state/changes.ts';
import type { Account, Conversation, Message, User } from '../state/records.ts';
import { addConversation } from '../state/state.ts';
import type { State } from '../state/state.ts';
import { newId } from '../state/values.ts';
import type { WorldLimits } from '../world-limits.ts';
import type { CreationReason, Events } from './create-events.ts';
import { defaultMemberId } from './switchboard-members.ts';

interface ConversationsOptions {
  state: State;
  changes: Changes;
  events: Events;
  limits: WorldLimits;
}

export interface NewConversation extends Partial<
  Pick<Conversation, 'displayName' | 'description' | 'iconUrl' | 'metadata'>
> {
  account: Account;
  type: Conversation['type'];
  users: User[];
  reason: CreationReason;
  source: Message['source'];
}

export type Conversations = ReturnType<typeof createConversations>;

export function createConversations(options: ConversationsOptions) {
  const { state, changes, events, limits } = options;

  return {
    /**
     * The assigned bot, or the agent workspace, is in control from the start. Throws 429 when there
     * are as many as the sandbox keeps.
     */
    create({ account, type, users, reason, source, ...details }: NewConversation): Conversation {
      if (state.conversations.size >= limits.conversations) {
        const title = `This sandbox keeps ${limits.conversations} conversations and has them all. Start over to have room again.`;
        throw new ApiError(429, 'too_many_requests', title);
      }
      const now = new Date().toISOString();
      const conversation: Conversation = {
        ...details,
        id: newId(),
        account: account.slug,
        type,
        userIds: users.map((user) => user.id),
        isDefault: type === 'personal' && users.every((user) => !hasPersonal(state, user)),
        createdAt: now,
        lastUpdatedAt: now,
        activeId: defaultMemberId(state, account),
        pendingId: null,
      };
      addConversation(state, conversation);
      changes.announce({ account: account.slug, conversationId: conversation.id });
      events.conversationCreated(conversation, reason, source);
      return conversation;
    },
  };
}

function hasPersonal(state: State, user: User): boolean {
  const conversations = state.conversationsByUser.get(user.id) ?? [];
  return conversations.some((conversation) => conversation.type === 'personal');
}
