import { Router } from 'express';
import { Refused } from '../../../refused.ts';
import { isWebAddress } from '../../../state/values.ts';
import type { Portal } from '../create-portal.ts';
import type { PortalApp } from '../portal-state.ts';
import { readChoice } from './create-visits.ts';
import type { Visits } from './create-visits.ts';

/** One app: what users see of it and, for those who manage it, its switches. */
export function createAppPages({ portal, visits }: { portal: Portal; visits: Visits }) {
  const { apps, permissions, enterprises } = portal;
  const router = Router({ mergeParams: true });

  router.get(
    '/',
    visits.signedIn((visit) => {
      const app = visits.findVisible(visit);
      const account = permissions.accountOf(app);
      visit.response.render('portal/app', {
        app,
        account,
        enterprise: enterprises.find(account),
        mayManage: permissions.mayManage(visit.person, app),
        holders: listHolders(portal, app),
        installedCount: apps.countUsers(app),
        testAccount: portal.zendeskAccounts.get(app.testAccount),
        installHref: findInstallHref(app),
      });
    }),
  );

  router.post(
    '/enabled',
    visits.signedIn((visit) => {
      const app = visits.findManaged(visit);
      apps.setEnabled(app, readChoice(visit.request.body, 'enabled', ['on', 'off']) === 'on');
      visit.response.redirect(303, `/portal/apps/${app.clientId}`);
    }),
  );

  router.post(
    '/hierarchy',
    visits.signedIn((visit) => {
      const app = visits.findManaged(visit);
      if (!enterprises.find(permissions.accountOf(app)) || app.hierarchy !== 'off') {
        throw new Refused(409, 'There is nothing to request for this app.');
      }
      apps.setHierarchy(app, 'requested');
      visit.response.redirect(303, `/portal/apps/${app.clientId}`);
    }),
  );

  return router;
}

/** Where an administrator begins to install a bot; undefined where nobody can. */
function findInstallHref({ platform, isEnabled, testAccount, ...app }: PortalApp) {
  if (platform !== 'zendesk' || (!isEnabled && testAccount === '')) return undefined;
  if (isWebAddress(app.installUrl)) return app.installUrl;
  const redirectUri = app.redirectUris.find(isWebAddress);
  return redirectUri === undefined ? undefined : new URL('/', redirectUri).href;
}

/** Who has allowed the app what. */
function listHolders({ apps, people, permissions }: Portal, app: PortalApp) {
  return apps.listGrants(app).map(({ userId, scopes, authorizedAt }) => {
    const person = people.find(userId);
    const account = person && permissions.accountOf(person).name;
    return { name: person?.name ?? userId, account, scopes, since: authorizedAt };
  });
}

/** The client secret: shown once after it was made, and made anew. */
export function createSecretPages({ portal, visits }: { portal: Portal; visits: Visits }) {
  const { apps } = portal;
  const router = Router({ mergeParams: true });

  router.get(
    '/',
    visits.signedIn((visit) => {
      const app = visits.findManaged(visit);
      visit.response.set('Cache-Control', 'no-store');
      visit.response.render('portal/secret', { app, secret: apps.takeNewSecret(app) });
    }),
  );

  router.post(
    '/',
    visits.signedIn((visit) => {
      const app = visits.findManaged(visit);
      apps.rotateSecret(app);
      visit.response.redirect(303, `/portal/apps/${app.clientId}/secret`);
    }),
  );

  return router;
}

/** Delete an app, after its consequences were shown. */
export function createDeletePages({ portal, visits }: { portal: Portal; visits: Visits }) {
  const { apps } = portal;
  const router = Router({ mergeParams: true });

  router.get(
    '/',
    visits.signedIn((visit) => {
      const app = visits.findManaged(visit);
      visit.response.render('portal/delete', { app, userCount: apps.countUsers(app) });
    }),
  );

  router.post(
    '/',
    visits.signedIn((visit) => {
      apps.remove(visits.findManaged(visit));
      visit.response.redirect(303, '/portal/apps');
    }),
  );

  return router;
}
