import { Router } from 'express';
import { ApiError } from '../../../platform/api-error.ts';
import type { Portal } from '../create-portal.ts';
import { readChoice } from '../forms/read-choice.ts';
import type { Person, PortalAccount } from '../records.ts';
import type { Visits } from './create-visits.ts';

/** Where the Home Office admin switches the creation of apps on and off, account by account. */
export function createEnterprisePages({ portal, visits }: { portal: Portal; visits: Visits }) {
  const { enterprises } = portal;
  const router = Router();

  function listGoverned(person: Person): PortalAccount[] {
    const governed = enterprises.listGoverned(person);
    if (governed) return governed;
    throw new ApiError(403, 'forbidden', 'Only a Home Office Enterprise Admin sees this page.');
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
      if (!account) throw new ApiError(404, 'not_found', 'Your enterprise has no such account.');
      const mayCreate = readChoice(request.body, 'apps', ['on', 'off']) === 'on';
      enterprises.setAppCreation(account, mayCreate);
      response.redirect(303, '/portal/enterprise');
    }),
  );

  return router;
}
