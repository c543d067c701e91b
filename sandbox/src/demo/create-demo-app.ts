import express from 'express';
import type { Express, Request } from 'express';
import { isMachineCall } from '../machine-calls.ts';
import { answerPageError } from '../web/answer-page-failures.ts';
import { acceptForms } from '../web/guards.ts';
import { noticeFrame, securePages } from '../web/page-security.ts';
import { serveAssets, VIEWS } from '../web/site.ts';
import { viewHelpers } from '../web/view-helpers.ts';
import type { AppCache } from './create-app-cache.ts';
import { createCallsHandler } from './create-calls-handler.ts';
import type { RateLimit } from './create-rate-limit.ts';
import type { Worlds } from './create-worlds.ts';
import type { VisitorLimits } from './demo-limits.ts';
import { createNewcomerRoutes } from './newcomer-routes.ts';
import { createReceive } from './receive.ts';
import { refuseLargeBodies } from './refuse-large-bodies.ts';
import { createWorldCookie } from './world-key.ts';
import { createYourSandboxRoutes } from './your-sandbox-routes.ts';

interface DemoAppOptions {
  worlds: Worlds;
  apps: AppCache;
  nobody: Express;
  limits: VisitorLimits;
  rates: { newWorlds: RateLimit; forms: RateLimit; calls: RateLimit };
  url: string;
  botUrl: string;
  trustProxy: boolean | number | string;
  clientKey: (ip: string | undefined) => string;
  log: (line: string) => void;
}

/** What stands before the worlds: finds out whose request it is and hands it to that world alone. */
export function createDemoApp(options: DemoAppOptions) {
  const { worlds, apps, limits, rates, clientKey, url, botUrl, log } = options;
  const { openRequests } = limits;
  const cookie = createWorldCookie({ isSecure: url.startsWith('https:') });
  const findVisitor = (request: Request) => worlds.visit(cookie.read(request));
  const forms = acceptForms(url);
  const receive = createReceive({ worlds, apps, rate: rates.forms, openRequests });

  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.set('trust proxy', options.trustProxy);
  app.set('view engine', 'ejs').set('views', VIEWS).enable('view cache');
  Object.assign(app.locals, viewHelpers, {
    isPublicDemo: true,
    countFaults: () => 0,
    guide: () => undefined,
    listBots: () => [],
  });

  app.use(securePages(isMachineCall, botUrl), refuseLargeBodies());
  app.get('/robots.txt', (_request, response) => {
    response.type('text/plain').send('User-agent: *\nDisallow: /\n');
  });
  app.use(
    createCallsHandler({
      worlds,
      apps,
      nobody: options.nobody,
      rate: rates.calls,
      openRequests,
    }),
  );
  app.use((request, response, next) => {
    response.set('X-Robots-Tag', 'noindex');
    // The style sheet a browser asks for next shows that it keeps the cookie.
    findVisitor(request);
    next();
  });
  app.use('/assets', serveAssets());
  app.use(noticeFrame);
  app.use('/your-sandbox', createYourSandboxRoutes({ worlds, cookie, forms, findVisitor, limits }));
  app.use(async (request, response, next) => {
    const visitor = findVisitor(request);
    if (visitor) await receive(visitor, request, response);
    else next();
  });
  app.use(
    createNewcomerRoutes({
      worlds,
      cookie,
      rate: rates.newWorlds,
      clientKey,
      forms,
      botUrl,
      receive,
    }),
  );
  app.use(answerPageError(log));
  return app;
}
