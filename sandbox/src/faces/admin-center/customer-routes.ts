import { Router } from 'express';
import type { Request } from 'express';
import { z } from 'zod';
import type { Platform } from '../../platform/create-platform.ts';
import { mergeUsers } from '../../platform/people/merge.ts';
import { removeConversation, removeUser } from '../../platform/people/removal.ts';
import { getUser } from '../../platform/people/users.ts';
import { Refused } from '../../refused.ts';
import type { Account, User } from '../../state/records.ts';
import type { State } from '../../state/state.ts';
import { findAccount } from '../../web/requests.ts';
import { cutText } from '../../web/text.ts';
import { textOf } from '../chat/words.ts';
import { BEGINNINGS, createHappeningRoutes } from './happening-routes.ts';

export const CUSTOMERS_PATH = 'admin/customers';

/** On a page: where there are no more, each is offered all the others to merge with. */
const LISTED = 50;

const MergeForm = z.looseObject({ surviving: z.string().trim().catch('') });

/** Admin Center › Customers: to delete their data, and to unify two who are one person. */
export function createCustomerRoutes({ platform }: { platform: Platform }) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  function findUser(account: Account, userId: string): User {
    return getUser(state, account, { userId });
  }

  const backTo = (request: Request) =>
    `/accounts/${findAccount(state, request).slug}/${CUSTOMERS_PATH}`;

  router.get('/', (request, response) => {
    const account = findAccount(state, request);
    const all = [...state.users.values()]
      .filter((user) => user.account === account.slug)
      .toReversed();
    const start = all.findIndex(({ id }) => id === request.query['after']) + 1;
    const shown = all.slice(start, start + LISTED);
    const last = shown.at(-1);
    response.render('admin/customers', {
      account,
      customers: shown.map((user) => showCustomer(state, user)),
      isFirst: start === 0,
      /** Whom older ones come after. */
      after: last === all.at(-1) ? undefined : last?.id,
      beginnings: Object.entries(BEGINNINGS),
    });
  });

  router.use(createHappeningRoutes({ platform, back: backTo }));

  router.post('/:userId/delete', (request, response) => {
    removeUser(platform, findUser(findAccount(state, request), request.params['userId']));
    response.redirect(303, backTo(request));
  });

  router.post('/:userId/merge', (request, response) => {
    const account = findAccount(state, request);
    const discarded = findUser(account, request.params['userId']);
    const surviving = findUser(account, MergeForm.parse(request.body).surviving);
    mergeUsers(platform, { surviving, discarded, reason: 'api' });
    response.redirect(303, backTo(request));
  });

  router.post('/conversations/:conversationId/delete', (request, response) => {
    const { slug } = findAccount(state, request);
    const conversation = state.conversations.get(request.params['conversationId']);
    if (conversation?.account !== slug) throw new Refused(404, 'Conversation not found');
    removeConversation(platform, conversation);
    response.redirect(303, backTo(request));
  });

  return router;
}

function showCustomer(state: State, user: User) {
  const { id, externalId, email, profile } = user;
  const name = [profile?.givenName, profile?.surname].filter(Boolean).join(' ');
  return {
    id,
    name: name || externalId || 'A visitor',
    facts: [
      ['User id', id],
      ['External id', externalId],
      ['E-mail', email ?? profile?.email],
      ['Language', profile?.locale],
    ].filter(([, value]) => value),
    channels: (state.channelClientsByUser.get(id) ?? []).map((client) => ({
      name: client.type === 'sdk' ? 'Web Messenger' : `WhatsApp +${client.externalId}`,
      status: client.status,
    })),
    conversations: (state.conversationsByUser.get(id) ?? []).toReversed().map((conversation) => {
      const last = state.messages.get(conversation.id)?.at(-1);
      const preview = last ? cutText(textOf(last), 80) : 'No messages yet';
      return { id: conversation.id, preview, at: conversation.lastUpdatedAt };
    }),
  };
}
