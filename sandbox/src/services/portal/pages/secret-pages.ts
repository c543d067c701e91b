import { Router } from 'express';
import type { Portal } from '../create-portal.ts';
import type { Visits } from './create-visits.ts';

/** The client secret: shown once after it was made, and made anew. */
export function createSecretPages({ portal, visits }: { portal: Portal; visits: Visits }) {
  const { apps } = portal;
  const router = Router({ mergeParams: true });

  router.get(
    '/',
    visits.signedIn((visit) => {
      const app = visits.findManaged(visit);
      visit.response.set('Cache-Control', 'no-store');
      visit.response.render('portal/secret', { app, secret: apps.takeNewSecret(app) });
    }),
  );

  router.post(
    '/',
    visits.signedIn((visit) => {
      const app = visits.findManaged(visit);
      apps.rotateSecret(app);
      visit.response.redirect(303, `/portal/apps/${app.clientId}/secret`);
    }),
  );

  return router;
}
