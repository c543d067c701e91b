import { Router } from 'express';
import { showConversation } from '../platform/api-shapes.ts';
import type { Platform } from '../platform/create-platform.ts';
import type { Operations } from './create-operations.ts';
import { paginate, readPageQuery } from './paginate.ts';
import { findConversation, parseBody, readUserFilter } from './read-request.ts';
import { conversationCreateBody, conversationUpdateBody } from './request-bodies.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
  url: string;
}

export function createConversationRoutes({ platform, operations, url }: RoutesOptions) {
  const { state, users, changes } = platform;
  const { operation } = operations;
  const router = Router({ mergeParams: true });

  router.post(
    '/',
    operation('CreateConversation', ({ account }, request) => {
      const { participants, ...details } = parseBody(conversationCreateBody, request.body);
      const conversation = platform.conversations.create({
        ...details,
        account,
        users: participants.map((participant) => users.get(account, participant)),
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
      const own = state.conversationsByUser.get(users.get(account, filter).id) ?? [];
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

  return router;
}
