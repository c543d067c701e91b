import { Router } from 'express';
import type { Platform } from '../../platform/create-platform.ts';
import type { Change } from '../../state/changes.ts';
import {
  findPostback,
  openConversation,
  pressPostback,
  sendText,
} from '../../platform/customer/customer.ts';
import { endSession, setTyping } from '../../platform/customer/session.ts';
import { Refused } from '../../refused.ts';
import { findAccount, readPayload, submitText } from '../../web/requests.ts';
import { streamChanges } from '../../web/stream-changes.ts';
import { findChat, messengerPath, offeredActions, showMessenger } from './chat.ts';
import { greetCustomer } from './customer-cookie.ts';
import { createSendRoutes } from './send-routes.ts';

interface MessengerRoutesOptions {
  platform: Platform;
  /** Whether browsers come by https. */
  isSecure: boolean;
}

/** The customer's chat of one account. One customer per browser, known by a cookie. */
export function createMessengerRoutes({ platform, isSecure }: MessengerRoutesOptions) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  router.get('/', (request, response) => showMessenger(platform, request, response));

  router.get('/changes', (request, response) => {
    const { account, conversation } = findChat(platform, request);
    const { slug } = account;
    const [customer] = conversation.participants;
    const isOwn = (id: string) =>
      state.conversations.get(id)?.participants[0]?.userId === customer?.userId;
    const concerns = ({ account: of, conversationId, isForDeveloper }: Change) =>
      isForDeveloper === true ||
      (of === slug && conversationId !== undefined && isOwn(conversationId));
    streamChanges(platform.changes, concerns, request, response);
  });

  router.post('/conversations', (request, response) => {
    const account = findAccount(state, request);
    const user = greetCustomer({ platform, account, request }, response, { isSecure });
    openConversation(platform, account, user);
    response.redirect(303, messengerPath(account));
  });

  router.post('/messages', (request, response) => {
    const { base, conversation } = findChat(platform, request);
    const refused = submitText(request.body, (text) => sendText(platform, conversation, text));
    if (refused === undefined) response.redirect(303, base);
    else {
      const { text, problem } = refused;
      showMessenger(platform, request, response, { at: 'text', values: { text }, problem });
    }
  });

  router.post('/replies', (request, response) => {
    const { base, conversation } = findChat(platform, request);
    const payload = readPayload(request.body);
    const reply = offeredActions(state.messages.get(conversation.id) ?? []).find(
      (action) => action.type === 'reply' && action.payload === payload,
    );
    if (reply?.type !== 'reply') throw new Refused(409, 'This answer is no longer offered.');
    const { text, metadata } = reply;
    sendText(platform, conversation, text, { payload, metadata });
    response.redirect(303, base);
  });

  router.post('/postbacks', (request, response) => {
    const { base, conversation } = findChat(platform, request);
    const payload = readPayload(request.body);
    if (!findPostback(state.messages.get(conversation.id) ?? [], payload)) {
      throw new Refused(409, 'This button was never offered.');
    }
    pressPostback(platform, conversation, payload);
    response.redirect(303, base);
  });

  /** A script of the page says so every few seconds; it ends by itself. */
  router.post('/typing', (request, response) => {
    setTyping(platform, findChat(platform, request).conversation, true);
    response.status(204).end();
  });

  router.post('/end', (request, response) => {
    const { account, base, conversation } = findChat(platform, request);
    if (!account.customersMayEnd)
      throw new Refused(403, 'This account does not let customers end chats.');
    endSession(platform, conversation);
    response.redirect(303, base);
  });

  router.use(createSendRoutes({ platform }));
  return router;
}
