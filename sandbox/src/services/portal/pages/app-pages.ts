import { Router } from 'express';
import { Refused } from '../../../refused.ts';
import type { Portal } from '../create-portal.ts';
import { readChoice } from '../forms/read-choice.ts';
import { listHolders } from './list-holders.ts';
import type { Visits } from './create-visits.ts';

/** One app: what users see of it and, for those who manage it, its switches. */
export function createAppPages({ portal, visits }: { portal: Portal; visits: Visits }) {
  const { apps, permissions, enterprises } = portal;
  const router = Router({ mergeParams: true });

  router.get(
    '/',
    visits.signedIn((visit) => {
      const app = visits.findVisible(visit);
      const account = permissions.accountOf(app);
      visit.response.render('portal/app', {
        app,
        account,
        enterprise: enterprises.find(account),
        mayManage: permissions.mayManage(visit.person, app),
        holders: listHolders(portal, app),
        installedCount: apps.countUsers(app),
      });
    }),
  );

  router.post(
    '/enabled',
    visits.signedIn((visit) => {
      const app = visits.findManaged(visit);
      apps.setEnabled(app, readChoice(visit.request.body, 'enabled', ['on', 'off']) === 'on');
      visit.response.redirect(303, `/portal/apps/${app.clientId}`);
    }),
  );

  router.post(
    '/hierarchy',
    visits.signedIn((visit) => {
      const app = visits.findManaged(visit);
      if (!enterprises.find(permissions.accountOf(app)) || app.hierarchy !== 'off') {
        throw new Refused(409, 'There is nothing to request for this app.');
      }
      apps.setHierarchy(app, 'requested');
      visit.response.redirect(303, `/portal/apps/${app.clientId}`);
    }),
  );

  return router;
}
