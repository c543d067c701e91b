import type { RequestHandler } from 'express';
import { AppError } from '../../errors.ts';
import { asksForUs } from '../shared/asks-for-us.ts';

/**
 * In sandbox mode nothing but loopback protects the pages, and a page of the internet can give its own name
 * our address (DNS rebinding): whoever does not ask for a name of ours is refused.
 */
export function refuseForeignHosts(ownUrls: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    // Whoever only asks whether the app runs may know it by any name.
    if (request.path === '/healthz' || asksForUs(request, ownUrls)) return next();
    const message =
      'This app runs with its sandbox, for this machine only, and knows no such host.';
    const hint = `Open ${ownUrls[0]}, or set PUBLIC_URL.`;
    return next(new AppError('foreign_host', message, hint, { status: 421 }));
  };
}
