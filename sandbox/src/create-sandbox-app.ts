import express from 'express';
import { ADMIN_PATH, createAdminRoutes } from './faces/admin-center/admin-routes.ts';
import { createCustomerRoutes, CUSTOMERS_PATH } from './faces/admin-center/customer-routes.ts';
import { createMessagingRoutes, MESSAGING_PATH } from './faces/admin-center/messaging-routes.ts';
import { createAgentRoutes } from './faces/agent-workspace/agent-routes.ts';
import { createBotRoutes } from './faces/bots/bot-routes.ts';
import { createCallsRoutes } from './faces/calls/calls-routes.ts';
import { createConsentRoutes } from './faces/consent/consent-routes.ts';
import { createFaultRoutes } from './faces/faults/fault-routes.ts';
import { createHomeRoutes } from './faces/home/home-routes.ts';
import { createMessengerRoutes } from './faces/messenger/messenger-routes.ts';
import { createPhoneRoutes } from './faces/phone/phone-routes.ts';
import { answerUnreadableCall, isMachineCall } from './machine-calls.ts';
import { listInstallable } from './platform/clients.ts';
import { answerMissingPage, answerPageError } from './web/answer-page-failures.ts';
import { acceptForms, refuseForeignHosts } from './web/guards.ts';
import type { ByName } from './web/hosts-by-name.ts';
import { answerByName } from './web/hosts-by-name.ts';
import { noticeFrame, securePages } from './web/page-security.ts';
import { serveAssets, VIEWS } from './web/site.ts';
import { viewHelpers } from './web/view-helpers.ts';
import { whenAsked } from './web/when-asked.ts';
import type { World } from './create-world.ts';
import { serveAttachments } from './zendesk/routes/attachments.ts';
import { createZendeskApi } from './zendesk/zendesk-api.ts';
import { createDiscoveryRoutes } from './services/discovery-routes.ts';

interface SandboxAppOptions {
  world: World;
  log: (line: string) => void;
  url: string;
  byName?: ByName | undefined;
  /** The site that may show pages in a frame. */
  framedBy?: string | undefined;
  /** Whether pages tell visitors that they are in a public demo. */
  isPublicDemo: boolean;
}

/** Every route of the stand-in: one line per face, and the services beside them. */
export function createSandboxApp(options: SandboxAppOptions) {
  const { world, log, url, byName, framedBy, isPublicDemo } = options;
  const { platform, services, calls, headerCheck } = world;
  const isSecure = url.startsWith('https:');
  const forms = acceptForms(url);
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.set('view engine', 'ejs').set('views', VIEWS).enable('view cache');
  Object.assign(app.locals, viewHelpers);
  app.locals['adminPath'] = ADMIN_PATH;
  app.locals['countFaults'] = () => platform.faults.list().length;
  app.locals['guide'] = () => platform.guide();
  app.locals['mayCall'] = platform.mayCall;
  app.locals['listBots'] = () => listInstallable(world.state);
  const names = new Set([...services.keys()].map(({ name }) => name));
  app.locals['hasService'] = (name: string) => names.has(name);
  app.locals['isPublicDemo'] = isPublicDemo;

  app.use(securePages(isMachineCall, framedBy));
  // A public demo is for everybody, under whichever name its proxy passes on.
  if (!isPublicDemo) app.use(refuseForeignHosts(url), answerByName(url));
  app.use('/assets', serveAssets());
  app.use('/attachments', serveAttachments(world.state));
  app.use('/sc/oauth/authorize', forms, createConsentRoutes({ platform }));
  app.use(createZendeskApi({ platform, calls, headerCheck, log, url }));
  app.use(createDiscoveryRoutes([...services.keys()], url));
  for (const [{ name }, service] of services)
    app.use(
      `/${name}`,
      whenAsked(() => service.createRoutes(forms)),
    );
  app.use(noticeFrame, forms);
  const faces = {
    '/accounts/:slug/messenger': () => createMessengerRoutes({ platform, isSecure }),
    '/accounts/:slug/phone': () => createPhoneRoutes({ platform }),
    '/accounts/:slug/agent': () => createAgentRoutes({ platform }),
    [`/accounts/:slug/${ADMIN_PATH}`]: () => createAdminRoutes({ platform, headerCheck }),
    [`/accounts/:slug/${CUSTOMERS_PATH}`]: () => createCustomerRoutes({ platform }),
    [`/accounts/:slug/${MESSAGING_PATH}`]: () => createMessagingRoutes({ platform }),
    '/faults': () => createFaultRoutes({ platform }),
    // In a public demo one bot is called and no other.
    ...(!isPublicDemo && {
      '/bots': () => createBotRoutes({ platform, url, byName }),
      '/calls': () => createCallsRoutes({ calls, url }),
    }),
  };
  for (const [path, create] of Object.entries(faces)) app.use(path, whenAsked(create));
  app.use('/', createHomeRoutes({ platform, services }));
  app.use(answerMissingPage(), answerUnreadableCall(), answerPageError(log));
  return app;
}
