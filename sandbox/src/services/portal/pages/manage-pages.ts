import { Router } from 'express';
import { Refused } from '../../../refused.ts';
import type { Apps } from '../create-apps.ts';
import type { Portal } from '../create-portal.ts';
import { sectionsOf, showSection, toContent, toTyped } from '../forms/app-form.ts';
import type { Section, TypedApp } from '../forms/sections.ts';
import type { PortalApp } from '../portal-state.ts';
import type { Visits } from './create-visits.ts';

/** Manage app: the steps of the wizard again, each a page of its own. */
export function createManagePages({ portal, visits }: { portal: Portal; visits: Visits }) {
  const { apps } = portal;
  const router = Router({ mergeParams: true });

  router.get(
    '/',
    visits.signedIn((visit) => {
      const { clientId } = visits.findManaged(visit);
      visit.response.redirect(303, `/portal/apps/${clientId}/manage/details`);
    }),
  );

  router.get(
    '/:section',
    visits.signedIn((visit) => {
      const app = visits.findManaged(visit);
      const section = findSection(portal, app, visit.request.params['section']);
      const page = { ...showSection(portal, section, toTyped(app), {}), ...frame(portal, app) };
      visit.response.render('portal/manage', page);
    }),
  );

  router.post(
    '/:section',
    visits.signedIn((visit) => {
      const { request, response } = visit;
      const app = visits.findManaged(visit);
      const section = findSection(portal, app, request.params['section']);
      const typed = { ...toTyped(app), ...section.read(request.body) };
      const problems = section.findProblems(typed);
      if (Object.keys(problems).length > 0) {
        const page = { ...showSection(portal, section, typed, problems), ...frame(portal, app) };
        response.status(422).render('portal/manage', page);
        return;
      }
      const removed = app.scopes.filter((scope) => !typed.scopes.includes(scope));
      const isConfirmed = Object.hasOwn(Object(request.body), 'confirmed');
      if (removed.length > 0 && apps.countUsers(app) > 0 && !isConfirmed) {
        response.render('portal/narrow', { ...frame(portal, app), removed, kept: typed.scopes });
        return;
      }
      apply(apps, app, section, typed);
      response.redirect(303, `/portal/apps/${app.clientId}`);
    }),
  );

  return router;
}

function findSection(portal: Portal, app: PortalApp, key: unknown): Section {
  const section = sectionsOf(portal, app, app.scopes).find((one) => one.key === key);
  if (!section) throw new Refused(404, 'The portal has no such page.');
  return section;
}

function frame(portal: Portal, app: PortalApp) {
  const tabs = sectionsOf(portal, app).map(({ key, title }) => ({ key, title }));
  return { app, tabs, userCount: portal.apps.countUsers(app) };
}

function apply(apps: Apps, app: PortalApp, { key }: Section, typed: TypedApp): void {
  if (key === 'scopes') {
    apps.setScopes(app, typed.scopes);
    return;
  }
  apps.update(app, toContent(typed));
}
