import { ApiError } from '../../refused.ts';
import type { Account, ChannelClient, Conversation, Message, User } from '../../state/records.ts';
import { addConversation } from '../../state/state.ts';
import type { State } from '../../state/state.ts';
import { newId } from '../../state/values.ts';
import type { Platform } from '../create-platform.ts';
import { publishCreated } from '../events/conversation-events.ts';
import type { CreationReason, Referral } from '../events/conversation-events.ts';
import { defaultMemberId } from '../switchboard-members.ts';

export interface NewConversation extends Partial<
  Pick<Conversation, 'displayName' | 'description' | 'iconUrl' | 'metadata'>
> {
  account: Account;
  type: Conversation['type'];
  users: User[];
  /** Of those users: what they are reached by in this conversation. */
  clients?: ChannelClient[] | undefined;
  reason: CreationReason;
  source: Message['source'];
  referral?: Referral | undefined;
}

type Needs = Pick<Platform, 'state' | 'changes' | 'deliveries' | 'limits'>;

/**
 * The assigned bot, or the agent workspace, is in control from the start.
 * @throws ApiError 429 when there are as many as the sandbox keeps.
 */
export function createConversation(needs: Needs, created: NewConversation): Conversation {
  const { account, type, users, clients = [], reason, source, referral, ...details } = created;
  const { state, changes, limits } = needs;
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
    participants: users.map((user) => newParticipant(user, clients)),
    isDefault: type === 'personal' && users.every((user) => !hasPersonal(state, user)),
    createdAt: now,
    lastUpdatedAt: now,
    activeId: defaultMemberId(state, account),
    pendingId: null,
  };
  addConversation(state, conversation);
  changes.announce({ account: account.slug, conversationId: conversation.id });
  const [user] = type === 'personal' ? users : [];
  publishCreated(needs, conversation, reason, { ...(user && { user }), source, referral });
  return conversation;
}

export function newParticipant(user: User, clients: ChannelClient[]) {
  const own = clients.filter(({ userId }) => userId === user.id);
  return { id: newId(), userId: user.id, clientIds: own.map(({ id }) => id) };
}

function hasPersonal(state: State, user: User): boolean {
  const conversations = state.conversationsByUser.get(user.id) ?? [];
  return conversations.some((conversation) => conversation.type === 'personal');
}

/** The user's part in it; undefined: none. */
export function participantOf({ participants }: Conversation, { id }: Pick<User, 'id'>) {
  return participants.find(({ userId }) => userId === id);
}

/** The one customer of a personal conversation. @throws ApiError 404 when there is none. */
export function customerOf(state: State, { participants }: Conversation): User {
  const user = state.users.get(participants[0]?.userId ?? '');
  if (!user) throw new ApiError(404, 'user_not_found', 'User not found');
  return user;
}
