import { Router } from 'express';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Worlds } from './create-worlds.ts';
import { DEMO_WORLD_LIMITS } from './demo-limits.ts';
import type { VisitorLimits } from './demo-limits.ts';
import type { OpenWorld, Visitor } from './visitor.ts';
import type { WorldCookie } from './world-key.ts';

interface YourSandboxOptions {
  worlds: Worlds;
  cookie: WorldCookie;
  forms: RequestHandler[];
  findVisitor: (request: Request) => Visitor | undefined;
  limits: VisitorLimits;
}

/** Your sandbox: when it ends, how full it is, and the way to end it now. */
export function createYourSandboxRoutes(options: YourSandboxOptions) {
  const { worlds, cookie, forms, findVisitor, limits } = options;
  const router = Router();

  router.get('/', async (request, response, next) => {
    const visitor = findVisitor(request);
    if (!visitor) {
      next();
      return;
    }
    response.render('demo/your-sandbox', {
      endsAt: new Date(visitor.lastVisitAt + limits.idleMs).toISOString(),
      usage: countUsage(await worlds.open(visitor), limits),
      limits: DEMO_WORLD_LIMITS,
    });
  });

  router.post(
    '/start-over',
    forms,
    async (request: Request, response: Response, next: NextFunction) => {
      const visitor = findVisitor(request);
      if (!visitor) {
        next();
        return;
      }
      await worlds.end(visitor);
      cookie.clear(response);
      response.redirect(303, '/');
    },
  );

  return router;
}

function countUsage(
  { world: { state, services, platform }, writer }: OpenWorld,
  { worldCharacters }: VisitorLimits,
) {
  return [
    {
      name: 'Conversations',
      used: state.conversations.size,
      limit: DEMO_WORLD_LIMITS.conversations,
    },
    ...[...services.values()].flatMap((one) => one.listUsage?.() ?? []),
    {
      name: 'Faults armed',
      used: platform.faults.list().length,
      limit: DEMO_WORLD_LIMITS.armedFaults,
    },
    {
      name: 'All of it',
      used: Math.ceil(writer.size() / 1024),
      limit: Math.floor(worldCharacters / 1024),
      unit: ' KB',
    },
  ];
}
