import { Router } from 'express';
import type { Platform } from '../../platform/create-platform.ts';
import { findPostback, pressPostback, sendText } from '../../platform/customer/customer.ts';
import { endSession, setTyping } from '../../platform/customer/session.ts';
import { Refused } from '../../refused.ts';
import type { Change } from '../../state/changes.ts';
import { readPayload } from '../../web/requests.ts';
import { streamChanges } from '../../web/stream-changes.ts';
import { findChat } from './door.ts';
import type { Door } from './door.ts';
import { createSendRoutes } from './send-routes.ts';
import { offeredActions, showChatPage } from './show-chat.ts';
import { sendOnce, submitText } from './submit-text.ts';

/** The page of a chat and what is done there, whichever way the customer came in. */
export function createChatRoutes({ platform, door }: { platform: Platform; door: Door }) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  router.get('/', (request, response) => showChatPage(platform, door, request, response));

  router.get('/changes', (request, response) => {
    const { account, conversation } = findChat(platform, door, request);
    const own = new Set(conversation.participants.map(({ userId }) => userId));
    const isOwn = (id = '') =>
      state.conversations.get(id)?.participants.some(({ userId }) => own.has(userId)) === true;
    const concerns = ({ account: of, conversationId, isForDeveloper }: Change) =>
      isForDeveloper === true ||
      (of === account.slug && (conversationId === conversation.id || isOwn(conversationId)));
    streamChanges(platform.changes, concerns, request, response);
  });

  router.post('/messages', (request, response) => {
    const { base, conversation } = findChat(platform, door, request);
    const refused = submitText(state, conversation, request, (text) =>
      sendText(platform, conversation, text),
    );
    if (refused === undefined) response.redirect(303, base);
    else {
      const { text, problem } = refused;
      showChatPage(platform, door, request, response, { at: 'text', values: { text }, problem });
    }
  });

  router.post('/replies', (request, response) => {
    const { base, conversation } = findChat(platform, door, request);
    const payload = readPayload(request.body);
    sendOnce(state, conversation, request, () => {
      const reply = offeredActions(state.messages.get(conversation.id) ?? []).find(
        (action) => action.type === 'reply' && action.payload === payload,
      );
      if (reply?.type !== 'reply') throw new Refused(409, 'This answer is no longer offered.');
      const { text, metadata } = reply;
      return sendText(platform, conversation, text, { payload, metadata });
    });
    response.redirect(303, base);
  });

  router.post('/postbacks', (request, response) => {
    const { base, conversation } = findChat(platform, door, request);
    const payload = readPayload(request.body);
    if (!findPostback(state.messages.get(conversation.id) ?? [], payload)) {
      throw new Refused(409, 'This button was never offered.');
    }
    pressPostback(platform, conversation, payload);
    response.redirect(303, base);
  });

  /** A script of the page says so every few seconds; it ends by itself. */
  router.post('/typing', (request, response) => {
    setTyping(platform, findChat(platform, door, request).conversation, true);
    response.status(204).end();
  });

  router.post('/end', (request, response) => {
    const { account, base, conversation } = findChat(platform, door, request);
    if (!account.customersMayEnd)
      throw new Refused(403, 'This account does not let customers end chats.');
    endSession(platform, conversation);
    response.redirect(303, base);
  });

  router.use(createSendRoutes({ platform, door }));
  return router;
}
