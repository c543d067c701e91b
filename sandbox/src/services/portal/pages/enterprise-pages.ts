import { Router } from 'express';
import { Refused } from '../../../refused.ts';
import type { Portal } from '../create-portal.ts';
import { readChoice } from '../forms/read-choice.ts';
import type { Person, ZocksAccount } from '../../zocks/records.ts';
import type { Visits } from './create-visits.ts';

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
