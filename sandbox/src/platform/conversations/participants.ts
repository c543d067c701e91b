import { ApiError } from '../../refused.ts';
import type { ChannelClient, Conversation, Participant, User } from '../../state/records.ts';
import { addToList, removeFromList } from '../../state/state.ts';
import type { Platform } from '../create-platform.ts';
import { publishMembership } from '../events/conversation-events.ts';
import { newParticipant, participantOf } from './conversations.ts';

type Needs = Pick<Platform, 'state' | 'changes' | 'deliveries'>;

const MOST = 10;

/**
 * Adds the user, who is reached by the client if there is one.
 * @throws ApiError 400 for a personal conversation, one that is full, and whoever is in it already.
 */
export function join(
  needs: Needs,
  conversation: Conversation,
  user: User,
  client?: ChannelClient,
): Participant {
  if (conversation.type !== 'sdkGroup') {
    throw badRequest('Participants can only be added to conversations of type sdkGroup');
  }
  if (participantOf(conversation, user)) throw badRequest('The user is a participant already');
  if (conversation.participants.length >= MOST) {
    throw badRequest('Too many participants');
  }
  const participant = newParticipant(user, client ? [client] : []);
  conversation.participants.push(participant);
  addToList(needs.state.conversationsByUser, user.id, conversation);
  announce(needs, conversation);
  publishMembership(needs, 'conversation:join', conversation, user);
  return participant;
}

/** @throws ApiError 400 for a personal conversation, 404 when the user is not in it. */
export function leave(needs: Needs, conversation: Conversation, user: User): void {
  const participant = participantOf(conversation, user);
  if (!participant)
    throw new ApiError(404, 'not_found', 'User is not a member of the conversation');
  if (conversation.type !== 'sdkGroup') {
    throw badRequest('Participants can only leave conversations of type sdkGroup');
  }
  conversation.participants = conversation.participants.filter((one) => one !== participant);
  removeFromList(needs.state.conversationsByUser, user.id, conversation);
  announce(needs, conversation);
  publishMembership(needs, 'conversation:leave', conversation, user);
}

function announce({ changes }: Needs, { account, id }: Conversation): void {
  changes.announce({ account, conversationId: id });
}

function badRequest(title: string) {
  return new ApiError(400, 'bad_request', title);
}
