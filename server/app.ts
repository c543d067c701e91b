import { join } from 'node:path';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { createBaseStylesheet } from './web/base-stylesheet.ts';
import { offerCsrfToken, requireCsrfToken } from './web/csrf.ts';
import { DIAGNOSIS_PATH } from './web/diagnosis.ts';
import { healthz } from './web/health.ts';
import { notFoundPage } from './web/error-page.ts';
import { refuseDeepJson } from './parse-json.ts';
import { limitPerMinute, limitRefusedPerMinute, limitViewsPerMinute } from './web/rate-limits.ts';

/** Everything behind a route, built by shopkeeper.ts. */
export interface Handlers {
  securityHeaders: RequestHandler;
  requestLog: RequestHandler;
  sessions: RequestHandler;
  pageLocals: RequestHandler;
  readyz: RequestHandler;
  showMetrics: RequestHandler;
  refuseForeignHosts: RequestHandler;
  diagnose: RequestHandler;
  noticeOrigin: RequestHandler;
  showHome: RequestHandler;
  showSettings: RequestHandler;
  showPrivacy: RequestHandler;
  showSource: RequestHandler;
  startInstall: RequestHandler;
  finishInstall: RequestHandler;
  installProblemPage: ErrorRequestHandler;
  showStatus: RequestHandler;
  showTimeline: RequestHandler;
  streamActivity: RequestHandler;
  checkWebhook: RequestHandler;
  sendTestMessage: RequestHandler;
  listEvents: RequestHandler;
  showEvent: RequestHandler;
  replayEvent: RequestHandler;
  replayFailed: RequestHandler;
  sendExport: RequestHandler;
  showDelete: RequestHandler;
  deleteData: RequestHandler;
  disconnect: RequestHandler;
  removeAccess: RequestHandler;
  signOut: RequestHandler;
  receiveRemoveCallback: RequestHandler;
  listConnections: RequestHandler;
  newConnection: RequestHandler;
  addConnection: RequestHandler;
  showConnection: RequestHandler;
  editConnection: RequestHandler;
  testConnection: RequestHandler;
  reconnect: RequestHandler;
  showAuthorize: RequestHandler;
  disable: RequestHandler;
  enable: RequestHandler;
  deleteConnection: RequestHandler;
  listClients: RequestHandler;
  newClient: RequestHandler;
  addClient: RequestHandler;
  showClient: RequestHandler;
  editClient: RequestHandler;
  deleteClient: RequestHandler;
  finishAuthorization: RequestHandler;
  authorizationProblemPage: ErrorRequestHandler;
  refuseOddZoomEvents: RequestHandler;
  receiveZoomEvents: RequestHandler;
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
  app.get('/metrics', handlers.showMetrics);
  app.use(handlers.refuseForeignHosts);
  app.get(DIAGNOSIS_PATH, handlers.diagnose);
  for (const folder of ['public', 'ui']) {
    app.use(express.static(join(options.root, folder), { index: false, redirect: false }));
  }
  app.get('/pico.css', createBaseStylesheet(options.root));

  const json = express.json({ limit: '10kb', type: () => true, verify: refuseDeepJson });
  app.post('/remove', limitPerMinute(120), json, handlers.receiveRemoveCallback);
  const raw = express.raw({ limit: '64kb', type: () => true });
  app.post(
    '/zoom/events',
    limitRefusedPerMinute(120),
    handlers.refuseOddZoomEvents,
    raw,
    handlers.receiveZoomEvents,
  );

  app.use(handlers.noticeOrigin, handlers.sessions, offerCsrfToken, handlers.pageLocals);
  app.get('/', handlers.showHome);
  app.get('/settings', handlers.showSettings);
  app.get('/privacy', handlers.showPrivacy);
  app.get('/source/*path', handlers.showSource);
  app.get('/install', limitPerMinute(30), handlers.startInstall);
  app.get('/oauth', limitPerMinute(60), handlers.finishInstall, handlers.installProblemPage);

  const fields = express.urlencoded({ extended: false, limit: '100kb' });
  const form: RequestHandler[] = [limitPerMinute(60), fields, requireCsrfToken];
  app.get('/installations/:id/activity', handlers.streamActivity);
  app.use('/installations', limitViewsPerMinute(300));
  app.get('/installations/:id', handlers.showStatus, handlers.installProblemPage);
  app.get('/installations/:id/timeline', handlers.showTimeline);
  app.post('/installations/:id/webhook', form, handlers.checkWebhook);
  app.post('/installations/:id/test-message', form, handlers.sendTestMessage);
  app.get('/installations/:id/events', handlers.listEvents);
  app.post('/installations/:id/events/replay-failed', form, handlers.replayFailed);
  app.get('/installations/:id/events/:eventId', handlers.showEvent);
  app.post('/installations/:id/events/:eventId/replay', form, handlers.replayEvent);
  app.get('/installations/:id/export', limitPerMinute(10), handlers.sendExport);
  app.get('/installations/:id/delete', handlers.showDelete);
  app.post('/installations/:id/delete', form, handlers.deleteData);
  app.post('/installations/:id/access/remove', form, handlers.removeAccess);
  app.post('/installations/:id/disconnect', form, handlers.disconnect);
  app.post('/sign-out', form, handlers.signOut);

  const testing: RequestHandler[] = [limitPerMinute(20), fields, requireCsrfToken];
  const connections = '/installations/:id/connections';
  app.get(connections, handlers.listConnections);
  app.post(connections, testing, handlers.addConnection);
  app.get(`${connections}/new`, handlers.newConnection);
  app.get(`${connections}/:connectionId`, handlers.showConnection);
  app.post(`${connections}/:connectionId`, testing, handlers.editConnection);
  app.post(`${connections}/:connectionId/test`, testing, handlers.testConnection);
  app.post(`${connections}/:connectionId/reconnect`, form, handlers.reconnect);
  app.get(`${connections}/:connectionId/authorize`, handlers.showAuthorize);
  app.post(`${connections}/:connectionId/disable`, form, handlers.disable);
  app.post(`${connections}/:connectionId/enable`, testing, handlers.enable);
  app.post(`${connections}/:connectionId/delete`, form, handlers.deleteConnection);
  app.get(
    '/connections/callback/:provider',
    limitPerMinute(60),
    handlers.finishAuthorization,
    handlers.authorizationProblemPage,
  );

  const clients = '/installations/:id/oauth-clients';
  app.get(clients, handlers.listClients);
  app.post(clients, form, handlers.addClient);
  app.get(`${clients}/new`, handlers.newClient);
  app.get(`${clients}/:clientId`, handlers.showClient);
  app.post(`${clients}/:clientId`, form, handlers.editClient);
  app.post(`${clients}/:clientId/delete`, form, handlers.deleteClient);

  app.use(notFoundPage);
  app.use(handlers.errorPage);
  return app;
}
