import { Router } from 'express';
import type { Portal } from '../create-portal.ts';
import type { Visits } from './create-visits.ts';

/** Settings → Integrations → Apps. */
export function createAppsPage({ portal, visits }: { portal: Portal; visits: Visits }) {
  const { apps, drafts, permissions } = portal;
  const router = Router();

  router.get(
    '/',
    visits.signedIn(({ person, response }) => {
      response.render('portal/apps', {
        apps: apps
          .list()
          .filter((app) => permissions.maySee(person, app))
          .map((app) => ({ ...app, account: permissions.accountOf(app).name })),
        noCreate: permissions.explainNoCreate(person),
        hasDraft: drafts.has(person),
      });
    }),
  );

  return router;
}
