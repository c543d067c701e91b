import { Router } from 'express';
import { Refused } from '../../../refused.ts';
import { describeScope, scopeGroups, scopeNames } from '../../zocks/scope-catalogue.ts';
import type { Apps } from '../create-apps.ts';
import type { Portal } from '../create-portal.ts';
import { detailsSection, toDetails, toTypedDetails } from '../forms/details-section.ts';
import { redirectUrisSection } from '../forms/redirect-uris-section.ts';
import { createScopesSection, marketplaceSection } from '../forms/sections.ts';
import type { Problems, Section, TypedApp } from '../forms/sections.ts';
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
      const section = findSection(app, visit.request.params['section']);
      const page = { ...showSection(section, toTyped(app), {}), ...frame(apps, app) };
      visit.response.render('portal/manage', page);
    }),
  );

  router.post(
    '/:section',
    visits.signedIn((visit) => {
      const { request, response } = visit;
      const app = visits.findManaged(visit);
      const section = findSection(app, request.params['section']);
      const typed = { ...toTyped(app), ...section.read(request.body) };
      const problems = section.findProblems(typed);
      if (Object.keys(problems).length > 0) {
        const page = { ...showSection(section, typed, problems), ...frame(apps, app) };
        response.status(422).render('portal/manage', page);
        return;
      }
      const removed = app.scopes.filter((scope) => !typed.scopes.includes(scope));
      const isConfirmed = Object.hasOwn(Object(request.body), 'confirmed');
      if (removed.length > 0 && apps.countUsers(app) > 0 && !isConfirmed) {
        response.render('portal/narrow', { ...frame(apps, app), removed, kept: typed.scopes });
        return;
      }
      apply(apps, app, section, typed);
      response.redirect(303, `/portal/apps/${app.clientId}`);
    }),
  );

  return router;
}

function sectionsOf({ platform, scopes }: PortalApp): Section[] {
  const last = platform === 'zendesk' ? marketplaceSection : createScopesSection(scopes);
  return [detailsSection, redirectUrisSection, last];
}

function findSection(app: PortalApp, key: unknown): Section {
  const section = sectionsOf(app).find((one) => one.key === key);
  if (!section) throw new Refused(404, 'The portal has no such page.');
  return section;
}

function frame(apps: Apps, app: PortalApp) {
  const tabs = sectionsOf(app).map(({ key, title }) => ({ key, title }));
  return { app, tabs, userCount: apps.countUsers(app) };
}

function toTyped({
  details,
  redirectUris,
  scopes,
  removeUrl,
  configurationUrl,
}: PortalApp): TypedApp {
  return { details: toTypedDetails(details), redirectUris, scopes, removeUrl, configurationUrl };
}

function apply(apps: Apps, app: PortalApp, { key }: Section, typed: TypedApp): void {
  if (key === 'scopes') {
    apps.setScopes(app, typed.scopes);
    return;
  }
  const { details, redirectUris, removeUrl, configurationUrl } = typed;
  apps.update(app, { details: toDetails(details), redirectUris, removeUrl, configurationUrl });
}

/** What the form of a section shows. There is always a blank row for one more redirect URI. */
export function showSection({ key, title }: Section, typed: TypedApp, problems: Problems) {
  const others = typed.scopes.filter((scope) => !scopeNames.includes(scope));
  const ownGroup = { kind: 'Others this app has', scopes: others.map(describeScope) };
  return {
    section: { key, title },
    typed,
    preview: toDetails(typed.details),
    rows: [...typed.redirectUris, ''],
    groups: others.length === 0 ? scopeGroups : [...scopeGroups, ownGroup],
    problems,
  };
}
