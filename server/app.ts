import { join } from 'node:path';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { offerCsrfToken, requireCsrfToken } from './web/csrf.ts';
import { healthz } from './web/health.ts';
import { notFoundPage } from './web/error-page.ts';
import { limitPerMinute } from './web/rate-limits.ts';

/** Everything behind a route, built by create-shopkeeper.ts. */
export interface Handlers {
  securityHeaders: RequestHandler;
  requestLog: RequestHandler;
  sessions: RequestHandler;
  pageLocals: RequestHandler;
  readyz: RequestHandler;
  showHome: RequestHandler;
  showSettings: RequestHandler;
  showPrivacy: RequestHandler;
  startInstall: RequestHandler;
  finishInstall: RequestHandler;
  installProblemPage: ErrorRequestHandler;
  showStatus: RequestHandler;
  streamActivity: RequestHandler;
  checkWebhook: RequestHandler;
  sendTestMessage: RequestHandler;
  replayEvent: RequestHandler;
  disconnect: RequestHandler;
  receiveRemoveCallback: RequestHandler;
  errorPage: ErrorRequestHandler;
}

/**
 * The Express app: every route in reading order. `POST /webhooks/{id}` is not here but ahead of it, in
 * inbox/create-receiver.ts.
 */
export function createApp(
  handlers: Handlers,
  options: { root: string; trustProxy: boolean | number | string },
) {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', options.trustProxy);
  app.set('view engine', 'ejs');
  app.set('views', join(options.root, 'views'));

  app.use(handlers.requestLog, handlers.securityHeaders);
  app.get('/healthz', healthz);
  app.get('/readyz', handlers.readyz);
  app.use(express.static(join(options.root, 'public'), { index: false, redirect: false }));

  const json = express.json({ limit: '10kb', type: () => true });
  app.post('/remove', limitPerMinute(120), json, handlers.receiveRemoveCallback);

  app.use(handlers.sessions, offerCsrfToken, handlers.pageLocals);
  app.get('/', handlers.showHome);
  app.get('/settings', handlers.showSettings);
  app.get('/privacy', handlers.showPrivacy);
  app.get('/install', limitPerMinute(30), handlers.startInstall);
  app.get('/oauth', limitPerMinute(60), handlers.finishInstall, handlers.installProblemPage);

  const form: RequestHandler[] = [
    limitPerMinute(60),
    express.urlencoded({ extended: false, limit: '100kb' }),
    requireCsrfToken,
  ];
  app.get('/installations/:id', handlers.showStatus, handlers.installProblemPage);
  app.get('/installations/:id/activity', handlers.streamActivity);
  app.post('/installations/:id/webhook', form, handlers.checkWebhook);
  app.post('/installations/:id/test-message', form, handlers.sendTestMessage);
  app.post('/installations/:id/events/:eventId/replay', form, handlers.replayEvent);
  app.post('/installations/:id/disconnect', form, handlers.disconnect);

  app.use(notFoundPage);
  app.use(handlers.errorPage);
  return app;
}
