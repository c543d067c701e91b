import { join } from 'node:path';
import express from 'express';
import { ADMIN_PATH } from './admin-center/admin-path.ts';
import { createAdminRoutes } from './admin-center/admin-routes.ts';
import { createAgentRoutes } from './agent-workspace/agent-routes.ts';
import { createConsentRoutes } from './consent/consent-routes.ts';
import type { ZendeskOperation } from './faults/fault.ts';
import { createFaultRoutes } from './faults/fault-routes.ts';
import { createHomeRoutes } from './home/home-routes.ts';
import { createMessengerRoutes } from './messenger/messenger-routes.ts';
import type { Calls } from './operations/create-calls.ts';
import type { Platform } from './platform/create-platform.ts';
import type { Portal } from './portal/create-portal.ts';
import { createPortalRoutes } from './portal/pages/portal-routes.ts';
import { describeScope } from './portal/scope-catalogue.ts';
import { answerMissingPage, answerPageError } from './web/answer-page-failures.ts';
import { findProjectRoot } from './web/find-project-root.ts';
import { securePages } from './web/page-security.ts';
import { refuseForeignForms } from './web/refuse-foreign-forms.ts';
import { createAttachments } from './zendesk/create-attachments.ts';
import { createHeaderCheck } from './zendesk/create-header-check.ts';
import { serveAttachments } from './zendesk/serve-attachments.ts';
import { createZendeskApi } from './zendesk/zendesk-api.ts';
import type { Zocks } from './zocks/create-zocks.ts';
import { createZocksFace } from './zocks/zocks-face.ts';
import type { Zoom } from './zoom/create-zoom.ts';
import { createZoomFace } from './zoom/zoom-face.ts';

interface SandboxAppOptions {
  platform: Platform;
  portal: Portal;
  zoom: Zoom;
  zocks: Zocks;
  calls: Calls<ZendeskOperation>;
  log: (line: string) => void;
  url: string;
}

/** Every route of the stand-in: one line per face. */
export function createSandboxApp(options: SandboxAppOptions) {
  const { platform, portal, zoom, zocks, calls, log, url } = options;
  const headerCheck = createHeaderCheck();
  const attachments = createAttachments();
  const root = join(findProjectRoot(), 'sandbox');
  const pico = join(findProjectRoot(), 'node_modules/@anyblades/pico/css/pico.min.css');
  const forms = [express.urlencoded({ extended: false }), refuseForeignForms(url)];
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.set('view engine', 'ejs').set('views', join(root, 'views'));
  app.locals['adminPath'] = ADMIN_PATH;
  app.locals['describeScope'] = describeScope;
  app.locals['countFaults'] = () => platform.faults.list().length;

  app.use(securePages());
  app.use('/assets', express.static(join(root, 'public')));
  app.use('/assets/pico.css', express.static(pico, { maxAge: '1d' }));
  app.use('/attachments', serveAttachments(attachments));
  app.use('/sc/oauth/authorize', forms, createConsentRoutes({ platform }));
  app.use(createZendeskApi({ platform, calls, headerCheck, attachments, log, url }));
  app.use('/zoom', createZoomFace({ zoom, forms }));
  app.use('/zocks', createZocksFace({ zocks, forms }));
  app.use(forms);
  app.use('/accounts/:slug/messenger', createMessengerRoutes({ platform }));
  app.use('/accounts/:slug/agent', createAgentRoutes({ platform }));
  app.use(`/accounts/:slug/${ADMIN_PATH}`, createAdminRoutes({ platform, headerCheck }));
  app.use('/portal', createPortalRoutes({ portal }));
  app.use('/faults', createFaultRoutes({ faults: platform.faults }));
  app.use('/', createHomeRoutes({ platform }));
  app.use(answerMissingPage(), answerPageError(log));
  return app;
}
