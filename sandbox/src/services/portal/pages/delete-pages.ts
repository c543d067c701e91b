import { Router } from 'express';
import type { Portal } from '../create-portal.ts';
import type { Visits } from './create-visits.ts';

/** Delete an app, after its consequences were shown. */
export function createDeletePages({ portal, visits }: { portal: Portal; visits: Visits }) {
  const { apps } = portal;
  const router = Router({ mergeParams: true });

  router.get(
    '/',
    visits.signedIn((visit) => {
      const app = visits.findManaged(visit);
      visit.response.render('portal/delete', { app, userCount: apps.countUsers(app) });
    }),
  );

  router.post(
    '/',
    visits.signedIn((visit) => {
      apps.remove(visits.findManaged(visit));
      visit.response.redirect(303, '/portal/apps');
    }),
  );

  return router;
}
