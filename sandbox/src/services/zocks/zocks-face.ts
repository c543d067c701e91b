import { Router } from 'express';
import type { RequestHandler } from 'express';
import { createAuthorizeRoutes } from '../../oauth/authorize-routes.ts';
import { explainNotEnabled } from '../portal/explain-not-enabled.ts';
import type { Zocks } from './create-zocks.ts';
import { createZocksApi } from './zocks-api.ts';

interface ZocksFaceOptions {
  zocks: Zocks;
  /** What a page's forms pass through. */
  forms: RequestHandler[];
}

/** All of Zocks: consent, API and the page that shows the credentials. */
export function createZocksFace({ zocks, forms }: ZocksFaceOptions) {
  const { apps, people, permissions, sessions, state } = zocks.portal;
  const router = Router();

  function findAskingApp(clientId: string) {
    const app = zocks.findApp(clientId);
    return app && { ...app, name: app.details.name, refusal: explainNotEnabled(state, app) };
  }

  const authorize = createAuthorizeRoutes({
    service: 'Zocks',
    view: 'zocks/consent',
    findApp: findAskingApp,
    listUsers: () =>
      people.listActive().map((one) => ({ ...one, account: permissions.accountOf(one).name })),
    refuseUser: (app, personId) => zocks.refuseUser(app, personId),
    findSignedIn: (request) => sessions.find(request),
    codes: zocks.codes,
  });
  router.use('/oauth/authorize', forms, authorize);
  router.use(createZocksApi(zocks));
  router.get('/', (_request, response) => {
    const own = apps.list().filter(({ platform }) => platform === 'zocks');
    response.render('zocks/zocks', {
      apps: own.map((app) => ({ ...app, clientSecret: apps.findRegisteredSecret(app) })),
    });
  });
  return router;
}
