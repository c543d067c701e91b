import { Router } from 'express';
import type { Platform } from '../../platform/create-platform.ts';
import { openConversation } from '../../platform/customer/customer.ts';
import { findAccount } from '../../web/requests.ts';
import { createChatRoutes } from '../chat/chat-routes.ts';
import type { Door } from '../chat/door.ts';
import { findCustomer, greetCustomer } from './customer-cookie.ts';

interface MessengerRoutesOptions {
  platform: Platform;
  /** Whether browsers come by https. */
  isSecure: boolean;
}

/** The chat window of an account’s website. One customer per browser, known by a cookie. */
export function createMessengerRoutes({ platform, isSecure }: MessengerRoutesOptions) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  const door: Door = {
    face: 'messenger',
    list(account, request) {
      const user = findCustomer({ platform, account, request });
      return state.conversationsByUser.get(user?.id ?? '') ?? [];
    },
    path: ({ slug }, _request, chatId) =>
      `/accounts/${slug}/messenger${chatId === undefined ? '' : `/chats/${chatId}`}`,
  };

  router.post('/conversations', (request, response) => {
    const account = findAccount(state, request);
    const user = greetCustomer({ platform, account, request }, response, { isSecure });
    openConversation(platform, account, user);
    response.redirect(303, door.path(account, request));
  });

  router.use('/chats/:chatId', createChatRoutes({ platform, door }));
  router.use(createChatRoutes({ platform, door }));
  return router;
}
