import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { clientKey } from './client-key.ts';

const MINUTE_MS = 60_000;

/** A limit per client address and minute, answered with Retry-After and a page. Counted per instance. */
export function limitPerMinute(limit: number): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: ({ ip: address }) => clientKey(address),
    // TRUST_PROXY decides which address counts; a forwarded header it does not trust is simply not read.
    validate: { xForwardedForHeader: false, forwardedHeader: false, trustProxy: false },
    handler(_request, response) {
      const retryAfterSeconds = Number(response.getHeader('Retry-After') ?? MINUTE_MS / 1000);
      response.status(429).render('too-many', { title: 'Too many requests', retryAfterSeconds });
    },
  });
}
