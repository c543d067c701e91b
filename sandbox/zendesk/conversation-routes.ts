import { Router } from 'express';
import { ApiError } from '../platform/api-error.ts';
import { showConversation } from '../platform/api-shapes.ts';
import type { Platform } from '../platform/create-platform.ts';
import type { Account, User } from '../state/records.ts';
import type { Operations } from './create-operations.ts';
import { findConversation } from './find-conversation.ts';
import { paginate, readPageQuery } from './paginate.ts';
import { parseBody } from './parse-body.ts';
import { pathParam } from './path-param.ts';
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

  function findUser(account: Account, userId: unknown, externalId: unknown): User {
    const user =
      typeof userId === 'string'
        ? users.findById(account, userId)
        : users.findByExternalId(account, String(externalId));
    if (!user) throw new ApiError(404, 'user_not_found', 'User not found');
    return user;
  }

  router.post(
    '/',
    operation('CreateConversation', ({ account }, request) => {
      const { participants, ...details } = parseBody(conversationCreateBody, request.body);
      const conversation = platform.conversations.create({
        ...details,
        account,
        users: participants.map((one) =>
          'userId' in one
            ? findUser(account, one.userId, undefined)
            : findUser(account, undefined, one.userExternalId),
        ),
        reason: 'none',
        source: { type: 'api:conversations' },
      });
      return { status: 201, body: { conversation: showConversation(state, conversation) } };
    }),
  );

  router.get(
    '/',
    operation('ListConversations', ({ account }, { query, originalUrl }) => {
      const userId = query['filter[userId]'];
      const externalId = query['filter[userExternalId]'];
      if ((userId === undefined) === (externalId === undefined)) {
        throw new ApiError(400, 'bad_request', 'Exactly one filter is required');
      }
      const page = readPageQuery(query);
      const user = findUser(account, userId, externalId);
      const own = state.conversationsByUser.get(user.id) ?? [];
      const list = new URL(originalUrl, url);
      const result = paginate(own, {
        query: page,
        start: 'oldest',
        url: `${list.origin}${list.pathname}`,
      });
      const conversations = result.page.map((one) => showConversation(state, one));
      return { status: 200, body: { conversations, meta: result.meta, links: result.links } };
    }),
  );

  router.get(
    '/:conversationId',
    operation('GetConversation', ({ account }, request) => {
      const id = pathParam(request, 'conversationId');
      const conversation = findConversation(state, account, id);
      return { status: 200, body: { conversation: showConversation(state, conversation) } };
    }),
  );

  router.patch(
    '/:conversationId',
    operation('UpdateConversation', ({ account }, request) => {
      const id = pathParam(request, 'conversationId');
      const conversation = findConversation(state, account, id);
      Object.assign(conversation, parseBody(conversationUpdateBody, request.body));
      changes.announce({ account: account.slug, conversationId: id });
      return { status: 200, body: { conversation: showConversation(state, conversation) } };
    }),
  );

  return router;
}
