import type { Request } from 'express';
import { ApiError } from '../platform/api-error.ts';
import type { Conversation } from '../state/records.ts';
import type { State } from '../state/state.ts';
import type { Caller } from './authenticate.ts';
import { pathParam } from './path-param.ts';

/** The conversation the URL names. Throws 404 for a conversation of another account, too. */
export function findConversation(
  state: State,
  { account }: Caller,
  request: Request,
): Conversation {
  const conversation = state.conversations.get(pathParam(request, 'conversationId'));
  if (conversation?.account === account.slug) return conversation;
  throw new ApiError(404, 'conversation_not_found', 'Conversation not found');
}
