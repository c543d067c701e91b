import { Router } from 'express';
import { join, leave } from '../../platform/conversations/participants.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { showParticipant } from '../../platform/people-shapes.ts';
import { webClientOf } from '../../platform/people/channels.ts';
import { getUser } from '../../platform/people/users.ts';
import { ApiError } from '../../refused.ts';
import type { Conversation, User } from '../../state/records.ts';
import type { Caller } from '../authenticate.ts';
import type { Operations } from '../create-operations.ts';
import { paginate, readPageQuery } from '../paginate.ts';
import { findConversation, parseBody } from '../read-request.ts';
import { joinBody, leaveBody } from '../bodies/conversation-bodies.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
  url: string;
}

type Leaving = ReturnType<typeof leaveBody.parse>;

export function createParticipantRoutes({
  platform,
  operations: { operation },
  url,
}: RoutesOptions) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  router.get(
    '/participants',
    operation('ListParticipants', (caller, request) => {
      const { id, participants } = findConversation(state, caller, request);
      const { items, meta, links } = paginate(participants, {
        query: readPageQuery(request.query),
        start: 'oldest',
        url: new URL(request.originalUrl, url),
      });
      const shown = items.map((one) => showParticipant(state, id, one));
      return { status: 200, body: { participants: shown, meta, links } };
    }),
  );

  router.post(
    '/join',
    operation('JoinConversation', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const { subscribeSDKClient, ...reference } = parseBody(joinBody, request.body);
      const user = getUser(state, caller.account, reference);
      const client = subscribeSDKClient === true ? webClientOf(platform, user) : undefined;
      const participant = join(platform, conversation, user, client);
      const shown = showParticipant(state, conversation.id, participant);
      return { status: 201, body: { participant: shown } };
    }),
  );

  router.post(
    '/leave',
    operation('LeaveConversation', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const leaving = parseBody(leaveBody, request.body);
      leave(platform, conversation, findLeaving(caller, conversation, leaving));
      return { status: 200, body: {} };
    }),
  );

  function findLeaving(
    { account }: Caller,
    { participants }: Conversation,
    leaving: Leaving,
  ): User {
    if (!('participantId' in leaving)) return getUser(state, account, leaving);
    const found = participants.find(({ id }) => id === leaving.participantId);
    if (!found) {
      throw new ApiError(404, 'not_found', 'User is not a member of the conversation');
    }
    return getUser(state, account, { userId: found.userId });
  }

  return router;
}
