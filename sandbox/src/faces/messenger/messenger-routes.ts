import { Router } from 'express';
import type { Request, Response } from 'express';
import {
  findPostback,
  openConversation,
  pressPostback,
  sendText,
} from '../../platform/customer/customer.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { Refused } from '../../refused.ts';
import type { Account, Conversation, Message } from '../../state/records.ts';
import { findAccount, readPayload, submitText } from '../../web/requests.ts';
import type { RefusedText } from '../../web/requests.ts';
import { showMessages } from '../../web/show-messages.ts';
import { streamChanges } from '../../web/stream-changes.ts';
import { findCustomer, greetCustomer } from './customer-cookie.ts';

interface MessengerRoutesOptions {
  platform: Platform;
  /** Whether browsers come by https. */
  isSecure: boolean;
}

/** The customer's chat of one account. One customer per browser, known by a cookie. */
export function createMessengerRoutes({ platform, isSecure }: MessengerRoutesOptions) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  function currentConversation(account: Account, request: Request): Conversation | undefined {
    const user = findCustomer({ platform, account, request });
    return state.conversationsByUser.get(user?.id ?? '')?.at(-1);
  }

  function currentOrRefused(account: Account, request: Request): Conversation {
    const conversation = currentConversation(account, request);
    if (conversation) return conversation;
    throw new Refused(404, 'Start a conversation first.');
  }

  function render(request: Request, response: Response, draft?: RefusedText) {
    const account = findAccount(state, request);
    const conversation = currentConversation(account, request);
    const all = request.query['all'] === '1';
    response.status(draft ? 400 : 200).render('messenger/messenger', {
      account,
      conversation,
      ...(conversation && showChat(platform, conversation, all)),
      ...draft,
    });
  }

  router.get('/', (request, response) => render(request, response));

  router.get('/changes', (request, response) => {
    const { id } = currentOrRefused(findAccount(state, request), request);
    const concerns = (change: { conversationId?: string }) => change.conversationId === id;
    streamChanges(platform.changes, concerns, request, response);
  });

  router.post('/conversations', (request, response) => {
    const account = findAccount(state, request);
    const user = greetCustomer({ platform, account, request }, response, { isSecure });
    openConversation(platform, account, user);
    response.redirect(303, `/accounts/${account.slug}/messenger`);
  });

  router.post('/messages', (request, response) => {
    const account = findAccount(state, request);
    const conversation = currentOrRefused(account, request);
    const refused = submitText(request.body, (text) => sendText(platform, conversation, text));
    if (refused) render(request, response, refused);
    else response.redirect(303, `/accounts/${account.slug}/messenger`);
  });

  router.post('/replies', (request, response) => {
    const account = findAccount(state, request);
    const conversation = currentOrRefused(account, request);
    const payload = readPayload(request.body);
    const offered = openReplies(state.messages.get(conversation.id) ?? []);
    const reply = offered.find((action) => action.payload === payload);
    if (!reply) throw new Refused(409, 'This answer is no longer offered.');
    sendText(platform, conversation, reply.text, { payload: reply.payload });
    response.redirect(303, `/accounts/${account.slug}/messenger`);
  });

  router.post('/postbacks', (request, response) => {
    const account = findAccount(state, request);
    const conversation = currentOrRefused(account, request);
    const payload = readPayload(request.body);
    if (!findPostback(state.messages.get(conversation.id) ?? [], payload)) {
      throw new Refused(409, 'This button was never offered.');
    }
    pressPostback(platform, conversation, payload);
    response.redirect(303, `/accounts/${account.slug}/messenger`);
  });

  return router;
}

/** What the chat page shows of a conversation. */
function showChat({ state, typing }: Platform, conversation: Conversation, all: boolean) {
  const messages = state.messages.get(conversation.id) ?? [];
  return {
    ...showMessages(messages, all),
    replies: openReplies(messages),
    isTyping: typing.isTyping(conversation),
  };
}

/** Reply buttons are offered until anybody says something else. */
function openReplies(messages: Message[]) {
  const content = messages.at(-1)?.content;
  const actions = content && 'actions' in content ? (content.actions ?? []) : [];
  return actions.filter((action) => action.type === 'reply');
}
