import { join } from 'node:path';
import express from 'express';
import type { Core } from './core.ts';
import type { Feature } from './features/feature.ts';
import { installationPages } from './installations/routes.ts';
import { receiveRemoveCallback } from './installations/uninstall/remove-callback.ts';
import { refuseDeepJson } from './parse-json.ts';
import { createBaseStylesheet } from './web/base-stylesheet.ts';
import { offerCsrfToken } from './web/csrf.ts';
import { createDiagnosis, DIAGNOSIS_PATH } from './web/diagnosis.ts';
import { createErrorPage, notFoundPage } from './web/error-page.ts';
import { bindTo } from './web/handlers.ts';
import { createReadyz, healthz } from './web/health.ts';
import { createRequestLog } from './web/log-requests.ts';
import { createNoticeOrigin } from './web/notice-origin.ts';
import { createPageLocals } from './web/page-locals.ts';
import { limitPerMinute } from './web/rate-limits.ts';
import { createRefuseForeignHosts } from './web/refuse-foreign-hosts.ts';
import { createSecurityHeaders } from './web/security-headers.ts';
import { createSessions } from './web/sessions.ts';

/**
 * The Express app, in reading order. `POST /webhooks/{id}` is not here but ahead of it, in
 * inbox/create-receiver.ts.
 */
export function createApp(
  core: Core,
  options: { features: readonly Feature[]; sessionSecrets: string[]; isReady: () => boolean },
) {
  const { config, root, sandboxUrl, isPublicDemo, database, log, now, parts } = core;
  const { publicUrl } = config;
  const { features, sessionSecrets: secrets } = options;
  const to = bindTo(core);
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

  // For other programs: no session, no cookies.
  const json = express.json({ limit: '10kb', type: () => true, verify: refuseDeepJson });
  app.post('/remove', limitPerMinute(120), json, to(receiveRemoveCallback));
  for (const { endpoints } of parts) if (endpoints) app.use(endpoints);

  // For browsers.
  app.use(createNoticeOrigin({ publicUrl, log }));
  app.use(createSessions({ store: core.sessions, secrets, publicUrl, now }));
  app.use(offerCsrfToken);
  app.use(
    createPageLocals({
      publicUrl,
      sandboxUrl,
      isPublicDemo,
      footerLinks: features.flatMap(({ footerLink }) => footerLink ?? []),
      featureStyles: features.flatMap(({ name, hasStyles }) => (hasStyles ? name : [])),
    }),
  );
  app.use(installationPages(core));
  for (const { pages } of parts) if (pages) app.use(pages);

  app.use(notFoundPage);
  app.use(createErrorPage(log));
  return app;
}
