import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit, type Options } from 'express-rate-limit';

const MINUTE_MS = 60_000;
/** Some proxies (Azure's, AWS's for raw TCP) write the port of the client behind its address. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/;

/** A limit per client address and minute, answered with Retry-After and a page. Counted per instance. */
export function limitPerMinute(
  limit: number,
  counting: Pick<Partial<Options>, 'keyGenerator' | 'skip' | 'skipSuccessfulRequests'> = {},
): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: ({ ip }) => clientKey(ip),
    // That each is made at the start, and not for a request, would be read off a stack trace.
    validate: { creationStack: false },
    handler(_request, response) {
      const retryAfterSeconds = Number(response.getHeader('Retry-After') ?? MINUTE_MS / 1000);
      response.status(429).render('too-many', { title: 'Too many requests', retryAfterSeconds });
    },
    ...counting,
  });
}

/** As `limitPerMinute`, for what is looked at: per owner where the browser is one's, else per address. */
export function limitViewsPerMinute(limit: number): RequestHandler {
  return limitPerMinute(limit, {
    keyGenerator: ({ ip, session }) => session.ownerId ?? clientKey(ip),
    skip: ({ method }) => method === 'POST',
  });
}

/**
 * Returns what a limit counts a request under: its address without the port, as IPv4 where it stands for
 * one, and of IPv6 the /56 that a customer of a provider has. What is no address counts as one client, or
 * whoever writes X-Forwarded-For would be a new one each time.
 * @param ip as Express reads it with TRUST_PROXY; undefined when the sender has hung up.
 */
export function clientKey(ip: string | undefined): string {
  const [, v6, v4] = WITH_PORT.exec(ip ?? '') ?? [];
  const [address = ''] = (v6 ?? v4 ?? ip ?? '').split('%', 1);
  return isIP(address) === 0 ? 'unknown' : ipKeyGenerator(address);
}
