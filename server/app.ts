import { join } from 'node:path';
import express from 'express';
import type { Core } from './core.ts';
import { createInstallationRoutes } from './installations/routes.ts';
import { refuseDeepJson } from './parse-json.ts';
import { createBaseStylesheet } from './web/base-stylesheet.ts';
import { offerCsrfToken } from './web/csrf.ts';
import { createDiagnosis, DIAGNOSIS_PATH } from './web/diagnosis.ts';
import { createErrorPage, notFoundPage } from './web/error-page.ts';
import { createReadyz, healthz } from './web/health.ts';
import { createRequestLog } from './web/log-requests.ts';
import { createNoticeOrigin } from './web/notice-origin.ts';
import { createPageLocals } from './web/page-locals.ts';
import { limitPerMinute } from './web/rate-limits.ts';
import { createRefuseForeignHosts } from './web/refuse-foreign-hosts.ts';
import { createSecurityHeaders } from './web/security-headers.ts';
import { createSessions } from './web/sessions.ts';
import type { Feature } from './features/feature.ts';
import type { InstallationDeps } from './installations/routes.ts';

/**
 * The Express app, in reading order. `POST /webhooks/{id}` is not here but ahead of it, in
 * inbox/receiver.ts.
 */
export function createApp(
  core: Core,
  options: {
    sessionSecrets: string[];
    features: readonly Feature[];
    isReady: () => boolean;
    installations: InstallationDeps;
  },
) {
  const { config, root, sandboxUrl, isPublicDemo, database, log, now, parts } = core;
  const { publicUrl } = config;
  const { sessionSecrets: secrets, features } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.trustProxy);
  app.set('view engine', 'ejs');
  app.set('views', join(root, 'views'));

  app.use(createRequestLog(log), createSecurityHeaders(publicUrl));
  app.get('/healthz', healthz);
  app.get('/readyz', createReadyz({ database, isOpen: options.isReady, now, log }));
  for (const { probes } of parts) if (probes) app.use(probes);
  if (sandboxUrl !== null && !isPublicDemo)
    app.use(createRefuseForeignHosts([publicUrl, sandboxUrl]));
  app.get(DIAGNOSIS_PATH, createDiagnosis({ secrets, publicUrl, now }));
  for (const folder of ['public', 'ui'])
    app.use(express.static(join(root, folder), { index: false, redirect: false }));
  app.get('/pico.css', createBaseStylesheet(root));

  const { receiveRemoveCallback, pages } = createInstallationRoutes(core, options.installations);
  const json = express.json({ limit: '10kb', type: () => true, verify: refuseDeepJson });
  app.post('/remove', limitPerMinute(120), json, receiveRemoveCallback);
  for (const { endpoints } of parts) if (endpoints) app.use(endpoints);

  app.use(createNoticeOrigin({ publicUrl, log }));
  app.use(createSessions({ store: core.sessions, secrets, publicUrl, now }));
  app.use(
    offerCsrfToken,
    createPageLocals({
      publicUrl,
      sandboxUrl,
      isPublicDemo,
      footerLinks: features.flatMap(({ footerLink }) => footerLink ?? []),
      featureStyles: features.flatMap(({ name, hasStyles }) => (hasStyles ? name : [])),
    }),
  );
  app.use(pages);
  for (const part of parts) if (part.pages) app.use(part.pages);

  app.use(notFoundPage);
  app.use(createErrorPage(log));
  return app;
}
