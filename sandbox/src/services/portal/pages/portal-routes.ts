import { Router } from 'express';
import type { RequestHandler } from 'express';
import { speakOfScopes } from '../../zocks/zocks-face.ts';
import type { Portal } from '../create-portal.ts';
import { createAppPages, createDeletePages, createSecretPages } from './app-pages.ts';
import { createAppsPage } from './apps-page.ts';
import { createVisits } from './create-visits.ts';
import { createManagePages } from './manage-pages.ts';
import { createOperatorPages } from './operator-pages.ts';
import { createEnterprisePages, createPeoplePages } from './people-pages.ts';
import { createSignInPages } from './sign-in-pages.ts';
import { createWizardPages } from './wizard-pages.ts';

/** The Apps portal: Settings → Integrations → Apps, and what stands around it. */
export function createPortalRoutes(portal: Portal, forms: RequestHandler[]) {
  const options = { portal, visits: createVisits(portal) };
  const router = Router();
  router.use(forms, speakOfScopes);
  router.use('/', createSignInPages(portal));
  router.use('/apps', createAppsPage(options));
  router.use('/apps/new', createWizardPages(options));
  router.use('/apps/:clientId', createAppPages(options));
  router.use('/apps/:clientId/manage', createManagePages(options));
  router.use('/apps/:clientId/secret', createSecretPages(options));
  router.use('/apps/:clientId/delete', createDeletePages(options));
  router.use('/people', createPeoplePages(options));
  router.use('/enterprise', createEnterprisePages(options));
  router.use('/operator', createOperatorPages(portal));
  return router;
}
