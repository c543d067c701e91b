import { Router } from 'express';
import { showMessage } from '../../platform/api-shapes.ts';
import { participantOf } from '../../platform/conversations/conversations.ts';
import { postAsBusiness, postMessage } from '../../platform/conversations/messages.ts';
import { takeUp } from '../../platform/conversations/switchboard.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { publishActivity } from '../../platform/events/conversation-events.ts';
import { removeMessages } from '../../platform/people/removal.ts';
import { getUser } from '../../platform/people/users.ts';
import { ApiError } from '../../refused.ts';
import type { Conversation } from '../../state/records.ts';
import type { Caller } from '../authenticate.ts';
import { completeContent } from '../content/complete-content.ts';
import type { Operations } from '../create-operations.ts';
import { paginate, readPageQuery } from '../paginate.ts';
import { findConversation, parseBody, pathParam } from '../read-request.ts';
import { activityBody, messageBody } from '../bodies/message-bodies.ts';
import type { MessageAuthor } from '../bodies/message-bodies.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
  url: string;
}

const PAGE_SIZE = 100;
const SOURCE = { type: 'api:conversations' };
const NOT_FOUND: [string, string] = ['not_found', 'Resource not found'];

export function createMessageRoutes({ platform, operations, url }: RoutesOptions) {
  const { state, typing, changes } = platform;
  const { operation } = operations;
  const router = Router({ mergeParams: true });

  /** Who the message is from, for the API and for the faces. @throws ApiError 404 for a stranger. */
  function signMessage({ account, installation }: Caller, author: MessageAuthor) {
    if (author.type === 'business') {
      const name =
        author.displayName ?? state.clients.get(installation.clientId)?.details.name ?? 'Bot';
      return { author, speaker: { kind: 'bot' as const, name } };
    }
    const user = getUser(state, account, author);
    const name = author.displayName ?? user.profile?.givenName ?? 'Customer';
    const { avatarUrl } = author;
    return {
      author: {
        type: 'user' as const,
        userId: user.id,
        displayName: name,
        ...(avatarUrl !== undefined && { avatarUrl }),
      },
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
      const body = parseBody(messageBody, request.body);
      const { author, metadata, destination } = body;
      const content = completeContent(platform, body.content);
      const draft = { ...signMessage(caller, author), content, metadata, source: SOURCE };
      if (author.type === 'user') takeUp(platform, conversation);
      const message =
        author.type === 'business'
          ? postAsBusiness(platform, conversation, draft, destination)
          : postMessage(platform, conversation, draft);
      return { status: 201, body: { messages: message ? [showMessage(state, message)] : [] } };
    }),
  );

  router.get(
    '/messages',
    operation('ListMessages', (caller, request) => {
      const conversation = findConversation(state, caller, request, NOT_FOUND);
      const query = readPageQuery(request.query, PAGE_SIZE);
      const { items, meta, links } = paginate(state.messages.get(conversation.id) ?? [], {
        query,
        start: 'newest',
        url: new URL(request.originalUrl, url),
      });
      const messages = items.map((one) => showMessage(state, one));
      return { status: 200, body: { messages, meta, links } };
    }),
  );

  router.delete(
    '/messages',
    operation('DeleteAllMessages', (caller, request) => {
      removeMessages(platform, findConversation(state, caller, request));
      return { status: 200, body: {} };
    }),
  );

  router.delete(
    '/messages/:messageId',
    operation('DeleteMessage', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const messageId = pathParam(request, 'messageId');
      if (!state.messages.get(conversation.id)?.some(({ id }) => id === messageId)) {
        throw new ApiError(404, ...NOT_FOUND);
      }
      removeMessages(platform, conversation, ({ id }) => id === messageId);
      return { status: 200, body: {} };
    }),
  );

  router.post(
    '/activity',
    operation('PostActivity', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const { author, type } = parseBody(activityBody, request.body);
      if (author.type === 'user') {
        const user = getUser(state, caller.account, author);
        const part = participantOf(conversation, user);
        if (part) part.lastRead = new Date().toISOString();
        publishActivity(platform, conversation, type, { user, source: SOURCE });
      } else if (type === 'typing:start') typing.start(conversation);
      else if (type === 'typing:stop') typing.stop(conversation);
      else markRead(conversation);
      return { status: 200, body: {} };
    }),
  );

  return router;
}
