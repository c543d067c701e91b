import { Router } from 'express';
import { z } from 'zod';
import type { Platform } from '../../platform/create-platform.ts';
import { openConversation } from '../../platform/customer/customer.ts';
import { signIn } from '../../platform/people/sign-in.ts';
import { fieldsSchema, findAccount, problemsOf } from '../../web/requests.ts';
import { createChatRoutes } from '../chat/chat-routes.ts';
import type { Door } from '../chat/door.ts';
import { showChatPage } from '../chat/show-chat.ts';
import { findCustomer, forgetCustomer, greetCustomer } from './customer-cookie.ts';

interface MessengerRoutesOptions {
  platform: Platform;
  /** Whether browsers come by https. */
  isSecure: boolean;
}

/** A blank field is left out. */
const optional = (schema: z.ZodType<string, string>) =>
  z
    .string()
    .trim()
    .transform((text) => (text === '' ? undefined : text))
    .pipe(schema.optional())
    .optional();

const signInForm = z.object({
  externalId: z
    .string({ error: 'Write an id.' })
    .trim()
    .min(1, { error: 'Write an id.' })
    .max(255, { error: 'An id has 255 characters at most.' }),
  name: optional(z.string().max(128, { error: 'A name has 128 characters at most.' })),
  email: optional(z.email({ error: 'This is no e-mail address.' }).max(128)),
});

/** The chat window of an account’s website. One customer per browser, known by a cookie. */
export function createMessengerRoutes({ platform, isSecure }: MessengerRoutesOptions) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  const door: Door = {
    face: 'messenger',
    channel: 'web',
    list(account, request) {
      const user = findCustomer({ platform, account, request });
      return state.conversationsByUser.get(user?.id ?? '') ?? [];
    },
    path: ({ slug }, _request, chatId) =>
      `/accounts/${slug}/messenger${chatId === undefined ? '' : `/chats/${chatId}`}`,
    describe: (account, request) => ({ user: findCustomer({ platform, account, request }) }),
  };

  router.post('/conversations', (request, response) => {
    const account = findAccount(state, request);
    const user = greetCustomer({ platform, account, request }, response, { isSecure });
    openConversation(platform, account, user);
    response.redirect(303, door.path(account, request));
  });

  /** As a website does for its visitor with a signed token. */
  router.post('/sign-in', (request, response) => {
    const account = findAccount(state, request);
    const form = signInForm.safeParse(request.body);
    if (form.success) {
      const visitor = greetCustomer({ platform, account, request }, response, { isSecure });
      signIn(platform, account, visitor, form.data);
      response.redirect(303, door.path(account, request));
      return;
    }
    const problems = problemsOf(form.error);
    const values = fieldsSchema.parse(request.body);
    const problem = Object.values(problems).join(' ');
    const refused = { at: 'sign-in' as const, values, problem, problems };
    showChatPage(platform, door, request, response, refused);
  });

  router.post('/sign-out', (request, response) => {
    const account = findAccount(state, request);
    forgetCustomer(account, response, { isSecure });
    response.redirect(303, door.path(account, request));
  });

  router.use('/chats/:chatId', createChatRoutes({ platform, door }));
  router.use(createChatRoutes({ platform, door }));
  return router;
}
