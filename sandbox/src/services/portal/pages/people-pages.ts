import { Router } from 'express';
import { Refused } from '../../../refused.ts';
import type { Person, ZocksAccount } from '../../zocks/zocks-state.ts';
import type { Portal } from '../create-portal.ts';
import { readChoice } from './create-visits.ts';
import type { Visits } from './create-visits.ts';

/** Settings → People: who is in the account, and the way to deactivate somebody. */
export function createPeoplePages({ portal, visits }: { portal: Portal; visits: Visits }) {
  const { people, permissions } = portal;
  const router = Router();

  router.get(
    '/',
    visits.signedIn(({ person, response }) => {
      response.render('portal/people', {
        people: people.listOf(permissions.accountOf(person)).map((one) => ({
          ...one,
          mayDeactivate: people.mayDeactivate(person, one),
        })),
      });
    }),
  );

  router.post(
    '/:personId/deactivate',
    visits.signedIn(({ person, request, response }) => {
      const other = people.find(String(request.params['personId']));
      if (!other || !people.mayDeactivate(person, other)) {
        throw new Refused(403, 'You cannot deactivate this person.');
      }
      people.deactivate(other);
      response.redirect(303, '/portal/people');
    }),
  );

  return router;
}

/** Where the Home Office admin switches the creation of apps on and off, account by account. */
export function createEnterprisePages({ portal, visits }: { portal: Portal; visits: Visits }) {
  const { enterprises } = portal;
  const router = Router();

  function listGoverned(person: Person): ZocksAccount[] {
    const governed = enterprises.listGoverned(person);
    if (governed) return governed;
    throw new Refused(403, 'Only a Home Office Enterprise Admin sees this page.');
  }

  router.get(
    '/',
    visits.signedIn(({ person, response }) => {
      response.render('portal/enterprise', { accounts: listGoverned(person) });
    }),
  );

  router.post(
    '/accounts/:accountId',
    visits.signedIn(({ person, request, response }) => {
      const account = listGoverned(person).find(({ id }) => id === request.params['accountId']);
      if (!account) throw new Refused(404, 'Your enterprise has no such account.');
      const mayCreate = readChoice(request.body, 'apps', ['on', 'off']) === 'on';
      enterprises.setAppCreation(account, mayCreate);
      response.redirect(303, '/portal/enterprise');
    }),
  );

  return router;
}
