import { Router } from 'express';
import { ApiError } from '../platform/api-error.ts';
import { showMessage } from '../platform/api-shapes.ts';
import type { Platform } from '../platform/create-platform.ts';
import type { Account } from '../state/records.ts';
import type { Caller } from './authenticate.ts';
import type { Operations } from './create-operations.ts';
import { findConversation } from './find-conversation.ts';
import { paginate, readPageQuery } from './paginate.ts';
import { parseBody } from './parse-body.ts';
import { pathParam } from './path-param.ts';
import { activityBody, messageBody } from './request-bodies.ts';
import type { MessageAuthor } from './request-bodies.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
  url: string;
}

const PAGE_SIZE = 100;

export function createMessageRoutes({ platform, operations, url }: RoutesOptions) {
  const { state, users, typing, messages } = platform;
  const { operation } = operations;
  const router = Router({ mergeParams: true });

  function findAuthor(account: Account, author: Extract<MessageAuthor, { type: 'user' }>) {
    const user =
      author.userId === undefined
        ? users.findByExternalId(account, author.userExternalId ?? '')
        : users.findById(account, author.userId);
    if (!user) throw new ApiError(404, 'user_not_found', 'User not found');
    return user;
  }

  /** Who the message is from, for the API and for the faces. */
  function signMessage({ account, installation }: Caller, author: MessageAuthor) {
    if (author.type === 'business') {
      const name = author.displayName ?? state.clients.get(installation.clientId)?.name ?? 'Bot';
      return { author, speaker: { kind: 'bot' as const, name } };
    }
    const user = findAuthor(account, author);
    const name = user.profile?.givenName ?? 'Customer';
    return {
      author: { type: 'user' as const, userId: user.id, displayName: name },
      speaker: { kind: 'customer' as const, name },
    };
  }

  router.post(
    '/messages',
    operation('PostMessage', (caller, request) => {
      const conversation = findConversation(
        state,
        caller.account,
        pathParam(request, 'conversationId'),
      );
      const { author, content, metadata } = parseBody(messageBody, request.body);
      const source = { type: 'api:conversations' };
      const draft = { ...signMessage(caller, author), content, metadata, source };
      const message = messages.post(conversation, draft);
      return { status: 201, body: { messages: message ? [showMessage(message)] : [] } };
    }),
  );

  router.get(
    '/messages',
    operation('ListMessages', ({ account }, request) => {
      const conversation = findConversation(state, account, pathParam(request, 'conversationId'));
      const query = readPageQuery(request.query, PAGE_SIZE);
      const list = new URL(request.originalUrl, url);
      const { page, meta, links } = paginate(state.messages.get(conversation.id) ?? [], {
        query,
        start: 'newest',
        url: `${list.origin}${list.pathname}`,
      });
      return { status: 200, body: { messages: page.map(showMessage), meta, links } };
    }),
  );

  router.post(
    '/activity',
    operation('PostActivity', ({ account }, request) => {
      const conversation = findConversation(state, account, pathParam(request, 'conversationId'));
      const { author, type } = parseBody(activityBody, request.body);
      if (author.type === 'user') findAuthor(account, author);
      else if (type === 'typing:start') typing.start(conversation);
      else if (type === 'typing:stop') typing.stop(conversation);
      else conversation.businessLastRead = new Date().toISOString();
      return { status: 200, body: {} };
    }),
  );

  return router;
}
