import { Router } from 'express';
import type { Request } from 'express';
import { z } from 'zod';
import type { Platform } from '../../platform/create-platform.ts';
import { findPending, sendNotification, writeFromPhone } from '../../platform/customer/whatsapp.ts';
import { findPhone, setBlocked } from '../../platform/people/channels.ts';
import { cancelLink, confirmLink } from '../../platform/people/links.ts';
import { Refused } from '../../refused.ts';
import type { Account, ChannelClient } from '../../state/records.ts';
import { findAccount, readText } from '../../web/requests.ts';
import { createChatRoutes } from '../chat/chat-routes.ts';
import type { Door } from '../chat/door.ts';

const phoneForm = z.object({
  phoneNumber: z
    .string({ error: 'Write a phone number.' })
    .trim()
    .regex(/^\+[\d ()-]{7,24}$/, {
      error: 'Write the number with + and the code of its country, as +1 212 555 2368.',
    }),
  name: z.string().trim().max(128, { error: 'A name has 128 characters at most.' }).optional(),
  from: z.enum(['customer', 'business'], { error: 'Choose who writes.' }),
});

/** The account's second channel: people who write to its WhatsApp number. Each number is a customer. */
export function createPhoneRoutes({ platform }: { platform: Platform }) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  const digitsOf = ({ params }: Request) => String(params['digits']);
  const pathOf = ({ slug }: Account, digits: string) => `/accounts/${slug}/phone/${digits}`;

  function findClient(account: Account, request: Request): ChannelClient {
    const client = findPhone(state, account, digitsOf(request));
    if (client) return client;
    throw new Refused(404, 'Nobody has written from this number.');
  }

  function findLink(account: Account, request: Request): ChannelClient {
    const client = findPending(platform, account, { phoneNumber: digitsOf(request) });
    if (client) return client;
    throw new Refused(409, 'Nobody asks for this number.');
  }

  const door: Door = {
    face: 'phone',
    channel: 'whatsapp',
    list(account, request) {
      const client = findPhone(state, account, digitsOf(request));
      if (!client) return [];
      const all = state.conversationsByUser.get(client.userId) ?? [];
      return all.filter(({ participants }) =>
        participants.some(({ clientIds }) => clientIds.includes(client.id)),
      );
    },
    path: (account, request, chatId) =>
      pathOf(account, digitsOf(request)) + (chatId === undefined ? '' : `/chats/${chatId}`),
    describe(account, request) {
      const digits = digitsOf(request);
      const isPending = findPending(platform, account, { phoneNumber: digits }) !== undefined;
      return { digits, isPending, client: findPhone(state, account, digits) };
    },
  };

  router.get('/', (request, response) => {
    const account = findAccount(state, request);
    response.render('phone/phones', showPhones(platform, account));
  });

  router.post('/', (request, response) => {
    const account = findAccount(state, request);
    const { text, problem } = readText(request.body);
    const form = phoneForm.safeParse(request.body);
    const issue = form.success ? undefined : form.error.issues[0];
    if (!form.success || problem !== undefined) {
      const at = String(issue?.path[0] ?? 'text');
      const refused = { at, values: request.body, problem: issue?.message ?? problem };
      response.status(400).render('phone/phones', { ...showPhones(platform, account), refused });
      return;
    }
    const { from, ...phone } = form.data;
    if (from === 'customer') writeFromPhone(platform, account, phone, text);
    else sendNotification(platform, account, phone, text);
    response.redirect(303, pathOf(account, phone.phoneNumber.replaceAll(/\D/g, '')));
  });

  /** What the person does with the business on the phone, then the page again. */
  function act(path: string, work: (account: Account, request: Request) => void) {
    router.post(`/:digits/${path}`, (request, response) => {
      const account = findAccount(state, request);
      work(account, request);
      response.redirect(303, pathOf(account, digitsOf(request)));
    });
  }

  const block = (isBlocked: boolean) => (account: Account, request: Request) =>
    setBlocked(
      platform,
      findClient(account, request),
      isBlocked,
      door.list(account, request).at(-1),
    );
  act('block', block(true));
  act('unblock', block(false));
  act('link/confirm', (account, request) => confirmLink(platform, findLink(account, request)));
  act('link/cancel', (account, request) => cancelLink(platform, findLink(account, request)));

  router.use('/:digits/chats/:chatId', createChatRoutes({ platform, door }));
  router.use('/:digits', createChatRoutes({ platform, door }));
  return router;
}

function showPhones({ state }: Platform, account: Account) {
  const phones = [...state.channelClients.values()]
    .filter((one) => one.account === account.slug && one.type === 'whatsapp')
    .map(({ externalId, displayName, status }) => ({
      digits: externalId,
      name: displayName,
      status,
    }));
  return { account, base: `/accounts/${account.slug}/phone`, phones, refused: undefined };
}
