import type { Request, Response } from 'express';
import { Registry } from 'prom-client';
import { isSameSecret } from '../../secrets.ts';
import { asksForUs } from '../shared/asks-for-us.ts';

const LOOPBACK = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;

/** Any of these says that somebody else asks through a proxy on this machine. */
const FORWARDING_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/**
 * `GET /metrics`: for whoever knows one of METRICS_TOKEN; without any, for programs on this machine, whatever
 * TRUST_PROXY says: a request with a forwarding header comes from none of them.
 */
export async function showMetrics(
  deps: { registries: Registry[]; tokens: readonly string[]; publicUrl: string },
  request: Request,
  response: Response,
): Promise<void> {
  const { registries, tokens, publicUrl } = deps;
  if (tokens.length === 0 && !isLocal(request, publicUrl)) {
    response.status(403).type('text').send('Set METRICS_TOKEN, or ask on the machine itself.\n');
    return;
  }
  if (tokens.length > 0 && !isKnown(request.get('authorization') ?? '', tokens)) {
    response.set('WWW-Authenticate', 'Bearer').status(401).type('text');
    response.send('This needs Authorization: Bearer with the METRICS_TOKEN.\n');
    return;
  }
  const all = Registry.merge(registries);
  response.set('Content-Type', all.contentType).send(await all.metrics());
}

function isKnown(authorization: string, tokens: readonly string[]): boolean {
  return tokens.some((token) => isSameSecret(authorization, `Bearer ${token}`));
}

/** A page in a browser of this machine is not local: it asks for the name it came from. */
function isLocal(request: Request, publicUrl: string): boolean {
  const { headers, socket } = request;
  const { remoteAddress = '' } = socket;
  const isForwarded = FORWARDING_HEADERS.some((name) => headers[name] !== undefined);
  return !isForwarded && LOOPBACK.test(remoteAddress) && asksForUs(request, [publicUrl]);
}
