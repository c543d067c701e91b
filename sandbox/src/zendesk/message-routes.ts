import { Router } from 'express';
import { showMessage } from '../platform/api-shapes.ts';
import type { Platform } from '../platform/create-platform.ts';
import type { Conversation } from '../state/records.ts';
import type { Caller } from './authenticate.ts';
import { completeContent } from './complete-content.ts';
import type { Operations } from './create-operations.ts';
import { paginate, readPageQuery } from './paginate.ts';
import { findConversation, parseBody } from './read-request.ts';
import { activityBody, messageBody } from './request-bodies.ts';
import type { MessageAuthor } from './request-bodies.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
  url: string;
}

const PAGE_SIZE = 100;

export function createMessageRoutes({ platform, operations, url }: RoutesOptions) {
  const { state, users, typing, messages, changes } = platform;
  const { operation } = operations;
  const router = Router({ mergeParams: true });

  /** Who the message is from, for the API and for the faces. */
  function signMessage({ account, installation }: Caller, author: MessageAuthor) {
    if (author.type === 'business') {
      const name =
        author.displayName ?? state.clients.get(installation.clientId)?.details.name ?? 'Bot';
      return { author, speaker: { kind: 'bot' as const, name } };
    }
    const user = users.get(account, author);
    const name = user.profile?.givenName ?? 'Customer';
    return {
      author: { type: 'user' as const, userId: user.id, displayName: name },
      speaker: { kind: 'customer' as const, name },
    };
  }

  function markRead(conversation: Conversation) {
    conversation.businessLastRead = new Date().toISOString();
    changes.announce({ account: conversation.account, conversationId: conversation.id });
  }

  router.post(
    '/messages',
    operation('PostMessage', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const { author, content, metadata } = parseBody(messageBody, request.body);
      const source = { type: 'api:conversations' };
      const draft = {
        ...signMessage(caller, author),
        content: completeContent(platform, content),
        metadata,
        source,
      };
      const message = messages.post(conversation, draft);
      return { status: 201, body: { messages: message ? [showMessage(state, message)] : [] } };
    }),
  );

  router.get(
    '/messages',
    operation('ListMessages', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const query = readPageQuery(request.query, PAGE_SIZE);
      const { items, meta, links } = paginate(state.messages.get(conversation.id) ?? [], {
        query,
        start: 'newest',
        url: new URL(request.originalUrl, url),
      });
      return {
        status: 200,
        body: { messages: items.map((one) => showMessage(state, one)), meta, links },
      };
    }),
  );

  router.post(
    '/activity',
    operation('PostActivity', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const { author, type } = parseBody(activityBody, request.body);
      if (author.type === 'user') users.get(caller.account, author);
      else if (type === 'typing:start') typing.start(conversation);
      else if (type === 'typing:stop') typing.stop(conversation);
      else markRead(conversation);
      return { status: 200, body: {} };
    }),
  );

  return router;
}
