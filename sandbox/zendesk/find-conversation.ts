import { ApiError } from '../platform/api-error.ts';
import type { Account, Conversation } from '../state/records.ts';
import type { State } from '../state/state.ts';

/** Throws 404 for a conversation of another account, too. */
export function findConversation(state: State, account: Account, id: string): Conversation {
  const conversation = state.conversations.get(id);
  if (conversation?.account === account.slug) return conversation;
  throw new ApiError(404, 'conversation_not_found', 'Conversation not found');
}
