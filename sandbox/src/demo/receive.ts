import type { Request, Response } from 'express';
import type { AppCache } from './create-app-cache.ts';
import type { RateLimit } from './create-rate-limit.ts';
import type { Worlds } from './create-worlds.ts';
import { lengthOf } from './refuse-large-bodies.ts';
import { trackOpen } from './visitor.ts';
import type { Visitor } from './visitor.ts';

interface ReceiveOptions {
  worlds: Worlds;
  apps: AppCache;
  /** Forms per visitor. */
  rate: RateLimit;
  openRequests: number;
}

/** Shows a visitor a page of the visitor's own world, within limits. */
export function createReceive({ worlds, apps, rate, openRequests }: ReceiveOptions) {
  return async (visitor: Visitor, request: Request, response: Response): Promise<void> => {
    if (visitor.open.size >= openRequests) {
      const problem = 'So many pages of your sandbox are open already. Close some of them.';
      refuseVisit(response, { status: 429, wait: 10, title: 'Too many pages', problem });
      return;
    }
    const { world, takesIn } = await worlds.open(visitor);
    if (request.method === 'POST') {
      const wait = rate.take(visitor.worldId);
      if (wait > 0) {
        const problem = `The public demo takes so many forms a minute from one visitor. Go on in ${wait} s.`;
        refuseVisit(response, { status: 429, wait, title: 'Slow down', problem });
        return;
      }
      if (!takesIn(lengthOf(request))) {
        const problem = 'It keeps no more than it has. Start over under “Your sandbox”.';
        refuseVisit(response, { status: 429, title: 'Your sandbox is full', problem });
        return;
      }
    }
    trackOpen(visitor, response);
    apps.open(world)(request, response);
  };
}

interface Refusal {
  status: number;
  /** Seconds. */
  wait?: number;
  title: string;
  /** What is the matter and what to do. */
  problem: string;
}

/** A page that says no, why, and for how long. */
export function refuseVisit(response: Response, { status, wait, title, problem }: Refusal): void {
  if (wait !== undefined) response.set('Retry-After', String(wait));
  response.status(status).render('problem', { title, problem });
}
