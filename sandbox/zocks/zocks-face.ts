import { Router } from 'express';
import type { RequestHandler } from 'express';
import { createAuthorizeRoutes } from '../oauth/authorize-routes.ts';
import type { Zocks } from './create-zocks.ts';
import { zocksUsers } from './predefined-users.ts';
import { createZocksApi } from './zocks-api.ts';

interface ZocksFaceOptions {
  zocks: Zocks;
  /** What a page's forms pass through. */
  forms: RequestHandler[];
}

/** All of Zocks: consent, API and the page that shows the credentials. */
export function createZocksFace({ zocks, forms }: ZocksFaceOptions) {
  const router = Router();
  const authorize = createAuthorizeRoutes({
    service: 'Zocks',
    view: 'zocks/consent',
    findApp: zocks.findApp,
    users: zocksUsers,
    codes: zocks.codes,
  });
  router.use('/oauth/authorize', forms, authorize);
  router.use(createZocksApi(zocks));
  router.get('/', (_request, response) => {
    response.render('zocks/zocks', { apps: zocks.list() });
  });
  return router;
}
