import { Router } from 'express';
import type { RequestHandler } from 'express';
import { createAuthorizeRoutes } from '../../oauth/authorize-routes.ts';
import type { Zocks } from './create-zocks.ts';
import { explainNotEnabled } from './permissions.ts';
import { listContacts } from './records.ts';
import { describeScope } from './scope-catalogue.ts';
import { createZocksApi } from './zocks-api.ts';

interface ZocksFaceOptions {
  zocks: Zocks;
  /** What a page's forms pass through. */
  forms: RequestHandler[];
}

/** All of Zocks: consent, API and the page that shows the credentials. */
export function createZocksFace({ zocks, forms }: ZocksFaceOptions) {
  const { apps, people, permissions, sessions, state } = zocks;
  const router = Router();

  function findAskingApp(clientId: string) {
    const app = apps.find(clientId);
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
    issuer: zocks.issuer,
  });
  router.use(speakOfScopes);
  router.use('/oauth/authorize', forms, authorize);
  router.use(createZocksApi(zocks));
  router.get('/', (_request, response) => {
    response.render('zocks/zocks', {
      contacts: listContacts(),
      apps: apps.list().map((app) => ({ ...app, clientSecret: apps.findRegisteredSecret(app) })),
    });
  });
  return router;
}

/** For pages that say what a scope means. */
export const speakOfScopes: RequestHandler = (_request, response, next) => {
  response.locals['describeScope'] = describeScope;
  next();
};
