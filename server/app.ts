import { join } from 'node:path';
import express from 'express';
import { answerDiagnosis, DIAGNOSIS_PATH } from './commands/doctor/diagnosis.ts';
import type { Core } from './core.ts';
import type { Feature } from './features/feature.ts';
import { createInstallationRoutes, type InstallationDeps } from './installations/routes.ts';
import { refuseDeepJson } from './parse-json.ts';
import { assets } from './web/assets.ts';
import { errorPage, notFoundPage } from './web/error-pages.ts';
import { offerCsrfToken } from './web/forms.ts';
import { healthz, readyz } from './web/health.ts';
import { noticeOrigin } from './web/origin.ts';
import { pageLocals } from './web/page-locals.ts';
import { limitPerMinute } from './web/rate-limits.ts';
import { requestLog } from './web/request-log.ts';
import { refuseForeignHosts, securityHeaders } from './web/security.ts';
import { sessions } from './web/sessions.ts';

/**
 * The Express app, in reading order. `POST /webhooks/{id}` is not here but ahead of it, in
 * inbox/create-receiver.ts.
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
  const { config, root, sandboxUrl, isPublicDemo, log, now, parts } = core;
  const { publicUrl } = config;
  const { sessionSecrets: secrets, features } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.trustProxy);
  app.set('view engine', 'ejs');
  app.set('views', join(root, 'views'));

  app.use(requestLog(log), securityHeaders(publicUrl));
  app.get('/healthz', healthz);
  app.get('/readyz', readyz(core, options.isReady));
  for (const { probes } of parts) if (probes) app.use(probes);
  if (sandboxUrl !== null && !isPublicDemo) app.use(refuseForeignHosts([publicUrl, sandboxUrl]));
  app.get(DIAGNOSIS_PATH, answerDiagnosis({ secrets, publicUrl, now }));
  app.use(assets(root));

  const { receiveRemoveCallback, pages } = createInstallationRoutes(core, options.installations);
  const json = express.json({ limit: '10kb', type: () => true, verify: refuseDeepJson });
  app.post('/remove', limitPerMinute(120), json, receiveRemoveCallback);
  for (const { endpoints } of parts) if (endpoints) app.use(endpoints);

  app.use(noticeOrigin({ publicUrl, log }));
  app.use(sessions({ store: core.sessions, secrets, publicUrl, now }));
  app.use(
    offerCsrfToken,
    pageLocals({
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
  app.use(errorPage(log));
  return app;
}
