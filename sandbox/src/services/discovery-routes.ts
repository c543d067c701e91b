import { Router } from 'express';
import type { Service } from './service.ts';

const WELL_KNOWN = '/.well-known/oauth-authorization-server';

/**
 * What the authorization servers say of themselves: where RFC 8414 §3.1 has it for an issuer with a path, and
 * where clients look that append to it. An issuer of the sandbox's origin alone there is none.
 */
export function createDiscoveryRoutes(services: readonly Service[], url: string) {
  const router = Router();
  for (const { name, describeServer } of services) {
    if (!describeServer) continue;
    const description = describeServer(`${url}/${name}`);
    router.get([`${WELL_KNOWN}/${name}`, `/${name}${WELL_KNOWN}`], (_request, response) => {
      response.json(description);
    });
    router.get(WELL_KNOWN, (_request, response) => {
      response.redirect(302, `${WELL_KNOWN}/${name}`);
    });
  }
  return router;
}
