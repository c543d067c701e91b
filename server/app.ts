import { join } from 'node:path';
import express from 'express';
import { answerDiagnosis, DIAGNOSIS_PATH } from './commands/doctor/diagnosis.ts';
import type { Core } from './core.ts';
import type { Feature } from './features/feature.ts';
import { installationPages } from './installations/routes.ts';
import { listTabs } from './installations/status/page.ts';
import { createAssets } from './web/assets.ts';
import { errorPage, notFoundPage } from './web/error-pages.ts';
import { offerCsrfToken } from './web/forms.ts';
import { nameRequest } from './web/handlers.ts';
import { securityHeaders } from './web/security.ts';
import { sessions } from './web/sessions.ts';
import { createViewEngine } from './web/views.ts';

/** The Express app, in reading order. Ahead of it is `POST /webhooks/{id}`: inbox/receive/receiver.ts. */
export function createApp(core: Core, features: readonly Feature[], sessionSecrets: string[]) {
  const { config, root, log, now, parts } = core;
  const { publicUrl } = config;
  const app = express();
  app.disable('x-powered-by');
  // No browser keeps a page of ours, to ask whether it is still the same.
  app.disable('etag');
  app.set('trust proxy', config.trustProxy);
  app.engine('ejs', createViewEngine());
  app.set('view engine', 'ejs');
  app.set('views', join(root, 'views'));
  // Whoever runs the sources changes them: a view that was saved shows with the next page.
  app.set('view cache', import.meta.filename.endsWith('.js'));
  const assets = createAssets(root);
  // What every page may show. Never the configuration: a template sees what it needs and no more.
  Object.assign(app.locals, {
    title: 'Shopkeeper',
    publicUrl,
    addressOf: assets.addressOf,
    accountTabs: listTabs(features),
    footerLinks: features.flatMap(({ footerLink }) => footerLink ?? []),
  });

  app.use(nameRequest, securityHeaders(publicUrl));
  for (const { probes } of parts) if (probes) app.use(probes);
  // For whoever restarts what does not answer, also while the database is away.
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get(DIAGNOSIS_PATH, answerDiagnosis({ secrets: sessionSecrets, publicUrl, now }));
  app.use(assets.router);

  // For other programs: without session, cookies and CSRF tokens.
  for (const { endpoints } of parts) if (endpoints) app.use(endpoints);

  // For browsers.
  app.use(sessions(core, sessionSecrets), offerCsrfToken);
  for (const { beforePages } of parts) if (beforePages) app.use(beforePages);
  app.use(installationPages(core));
  for (const { pages } of parts) if (pages) app.use(pages);

  app.use(notFoundPage);
  app.use(errorPage(log));
  return app;
}
