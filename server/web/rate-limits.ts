import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { clientKey } from './client-key.ts';

const MINUTE_MS = 60_000;

/** A limit per client address and minute, answered with Retry-After and a page. Counted per instance. */
export function limitPerMinute(limit: number): RequestHandler {
  return limitFor(limit, ({ ip: address }) => clientKey(address));
}

/** As `limitPerMinute`, for what is looked at: per owner where the browser is one's, else per address. */
export function limitViewsPerMinute(limit: number): RequestHandler {
  const views = limitFor(limit, ({ ip, session }) => session.ownerId ?? clientKey(ip));
  return (request, response, next) =>
    request.method === 'POST' ? next() : void views(request, response, next);
}

/** As `limitPerMinute`, but counts only what was refused: whoever proves who they are is not kept out. */
export function limitRefusedPerMinute(limit: number): RequestHandler {
  return limitFor(limit, ({ ip: address }) => clientKey(address), { skipSuccessfulRequests: true });
}

function limitFor(
  limit: number,
  keyGenerator: (request: Request) => string,
  counting: { skipSuccessfulRequests?: boolean } = {},
): RequestHandler {
  return rateLimit({
    ...counting,
    windowMs: MINUTE_MS,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator,
    // TRUST_PROXY decides which address counts; a forwarded header it does not trust is simply not read.
    validate: { xForwardedForHeader: false, forwardedHeader: false, trustProxy: false },
    handler(_request, response) {
      const retryAfterSeconds = Number(response.getHeader('Retry-After') ?? MINUTE_MS / 1000);
      response.status(429).render('too-many', { title: 'Too many requests', retryAfterSeconds });
    },
  });
}
