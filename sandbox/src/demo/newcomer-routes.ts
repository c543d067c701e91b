import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { services } from '../services.ts';
import type { RateLimit } from './create-rate-limit.ts';
import type { Worlds } from './create-worlds.ts';
import { refuseVisit } from './receive.ts';
import type { Visitor } from './visitor.ts';
import type { WorldCookie } from './world-key.ts';

interface NewcomerOptions {
  worlds: Worlds;
  cookie: WorldCookie;
  /** New worlds per client address. */
  rate: RateLimit;
  clientKey: (ip: string | undefined) => string;
  forms: RequestHandler[];
  /** Where a visitor goes from here. */
  botUrl: string;
  receive: (visitor: Visitor, request: Request, response: Response) => Promise<void>;
}

/** For browsers without a world: they get one where they need one. Robots and probes get none. */
export function createNewcomerRoutes(options: NewcomerOptions) {
  const { worlds, cookie, rate, clientKey, forms, botUrl, receive } = options;
  /** Pages that make sense to a browser that has no world yet. All others belong to somebody. */
  const entrances = ['/sc/oauth/authorize', '/faults', ...services.map(({ name }) => `/${name}`)];
  const router = Router();

  /** Undefined: there is no room, and the visitor was told. */
  async function settle(request: Request, response: Response): Promise<Visitor | undefined> {
    const wait = rate.take(clientKey(request.ip));
    if (wait > 0) {
      const problem = `From your network address many sandboxes were opened within an hour. The next one can be opened in ${Math.ceil(wait / 60)} min.`;
      refuseVisit(response, { status: 429, wait, title: 'Too many new sandboxes', problem });
      return undefined;
    }
    const admitted = await worlds.admit();
    if (!admitted) {
      const problem = 'The public demo has as many visitors as it has room for. Come back later.';
      refuseVisit(response, { status: 503, wait: 600, title: 'The demo is full', problem });
      return undefined;
    }
    cookie.set(response, admitted.key);
    return admitted.visitor;
  }

  router.get('/', (_request, response) => response.render('demo/welcome', { botUrl }));

  router.post('/sandboxes', forms, async (request: Request, response: Response) => {
    if (await settle(request, response)) response.redirect(303, '/');
  });

  router.get(entrances, async (request, response, next) => {
    // What is not a page that somebody opens, such as a picture or a script's request, needs no world.
    const isPage = ['document', undefined].includes(request.get('Sec-Fetch-Dest'));
    if (!isPage || request.method === 'HEAD') {
      next();
      return;
    }
    const visitor = await settle(request, response);
    if (visitor) await receive(visitor, request, response);
  });

  router.use((_request, response) => {
    response.status(404).render('demo/no-sandbox');
  });

  return router;
}
