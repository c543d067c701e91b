import express, { Router } from 'express';
import type { ErrorRequestHandler, Express } from 'express';
import { isMachineCall, wordRefusal } from '../machine-calls.ts';
import { refuseDeepJson } from '../web/guards.ts';
import type { AppCache } from './create-app-cache.ts';
import type { RateLimit } from './create-rate-limit.ts';
import type { Worlds } from './create-worlds.ts';
import { findCredentialWorldId, TOKEN_CALLS } from './find-credential.ts';
import { lengthOf } from './refuse-large-bodies.ts';
import { trackOpen } from './visitor.ts';

interface CallsOptions {
  worlds: Worlds;
  apps: AppCache;
  /** A world without anybody in it: it refuses as Zendesk, Zoom and Zocks do. */
  nobody: Express;
  rate: RateLimit;
  openRequests: number;
}

/** Sends each call of the APIs to the world whose credential it carries. */
export function createCallsHandler({ worlds, apps, nobody, rate, openRequests }: CallsOptions) {
  const router = Router();
  // A body that cannot be read names no world, and nobody's world says what is wrong with it.
  const goOn: ErrorRequestHandler = (_error, _request, _response, next) => next();
  router.post(
    TOKEN_CALLS,
    express.json({ verify: refuseDeepJson }),
    express.urlencoded({ extended: false }),
    goOn,
  );

  router.use(async (request, response, next) => {
    if (!isMachineCall(request.path)) {
      next();
      return;
    }
    const worldId = findCredentialWorldId(request);
    const visitor = worldId === undefined ? undefined : worlds.find(worldId);
    if (!visitor) {
      nobody(request, response);
      return;
    }
    const refuse = (status: number, sentence: string) =>
      response.status(status).json(wordRefusal(request.path, status, sentence));
    const wait = rate.take(visitor.worldId);
    if (wait > 0 || visitor.open.size >= openRequests) {
      response.set('Retry-After', String(Math.max(wait, 1)));
      refuse(429, 'The public demo allows one visitor fewer calls.');
      return;
    }
    const { world, takesIn } = await worlds.open(visitor);
    const isWriting = /^(POST|PATCH)$/.test(request.method) && !TOKEN_CALLS.test(request.path);
    if (isWriting && !takesIn(lengthOf(request))) {
      refuse(423, 'This sandbox is full. Its visitor can start over.');
      return;
    }
    trackOpen(visitor, response);
    apps.open(world)(request, response);
  });

  return router;
}
