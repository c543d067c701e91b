import { Router } from 'express';
import { showConversation } from '../../platform/api-shapes.ts';
import { createConversation } from '../../platform/conversations/conversations.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { webClientOf } from '../../platform/people/channels.ts';
import { removeConversation } from '../../platform/people/removal.ts';
import { getUser } from '../../platform/people/users.ts';
import { ApiError } from '../../refused.ts';
import type { Operations } from '../create-operations.ts';
import { paginate, readPageQuery } from '../paginate.ts';
import { findConversation, parseBody, readUserFilter } from '../read-request.ts';
import { conversationCreateBody, conversationUpdateBody } from '../bodies/conversation-bodies.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
  url: string;
}

export function createConversationRoutes({ platform, operations, url }: RoutesOptions) {
  const { state, changes } = platform;
  const { operation } = operations;
  const router = Router({ mergeParams: true });

  router.post(
    '/',
    operation('CreateConversation', ({ account }, request) => {
      const { participants, ...details } = parseBody(conversationCreateBody, request.body);
      const users = participants.map((participant) => getUser(state, account, participant));
      const subscribed = users.filter((_user, n) => participants[n]?.subscribeSDKClient === true);
      const conversation = createConversation(platform, {
        ...details,
        account,
        users,
        clients: subscribed.map((user) => webClientOf(platform, user)),
        reason: 'none',
        source: { type: 'api:conversations' },
      });
      return { status: 201, body: { conversation: showConversation(state, conversation) } };
    }),
  );

  router.get(
    '/',
    operation('ListConversations', ({ account }, { query, originalUrl }) => {
      const filter = readUserFilter(query);
      const page = readPageQuery(query);
      const own = state.conversationsByUser.get(getUser(state, account, filter).id) ?? [];
      const { items, meta, links } = paginate(own, {
        query: page,
        start: 'oldest',
        url: new URL(originalUrl, url),
      });
      const conversations = items.map((one) => showConversation(state, one));
      return { status: 200, body: { conversations, meta, links } };
    }),
  );

  router.get(
    '/:conversationId',
    operation('GetConversation', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      return { status: 200, body: { conversation: showConversation(state, conversation) } };
    }),
  );

  router.patch(
    '/:conversationId',
    operation('UpdateConversation', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      Object.assign(conversation, parseBody(conversationUpdateBody, request.body));
      changes.announce({ account: conversation.account, conversationId: conversation.id });
      return { status: 200, body: { conversation: showConversation(state, conversation) } };
    }),
  );

  router.delete(
    '/:conversationId',
    operation('DeleteConversation', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      if (conversation.isDefault) {
        const title = `Conversation ${conversation.id} cannot be deleted because it is the default.`;
        throw new ApiError(400, 'bad_request', title);
      }
      removeConversation(platform, conversation);
      return { status: 200, body: {} };
    }),
  );

  return router;
}
