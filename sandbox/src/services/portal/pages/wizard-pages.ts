import { Router } from 'express';
import { Refused } from '../../../refused.ts';
import type { Person } from '../../zocks/zocks-state.ts';
import type { Portal } from '../create-portal.ts';
import { detailsSection, toDetails } from '../forms/details-section.ts';
import { redirectUrisSection } from '../forms/redirect-uris-section.ts';
import { createScopesSection } from '../forms/sections.ts';
import type { Problems } from '../forms/sections.ts';
import type { Draft } from '../portal-state.ts';
import { readChoice } from './create-visits.ts';
import type { Visits } from './create-visits.ts';
import { showSection } from './manage-pages.ts';

const BASE = '/portal/apps/new';
const steps = [detailsSection, redirectUrisSection, createScopesSection()];
const NO_URLS = { removeUrl: '', configurationUrl: '' };

/** Create new app: three steps, left and taken up again as one likes. */
export function createWizardPages({ portal, visits }: { portal: Portal; visits: Visits }) {
  const { apps, drafts, permissions } = portal;
  const router = Router();

  function checkMayCreate(person: Person): void {
    const reason = permissions.explainNoCreate(person);
    if (reason !== undefined) throw new Refused(403, reason);
  }

  router.get(
    '/',
    visits.signedIn(({ person, response }) => {
      checkMayCreate(person);
      response.redirect(303, pathOf(findOpenStep(drafts.open(person))));
    }),
  );

  router.post(
    '/discard',
    visits.signedIn(({ person, response }) => {
      drafts.discard(person);
      response.redirect(303, '/portal/apps');
    }),
  );

  router.get(
    '/:step',
    visits.signedIn(({ person, request, response }) => {
      checkMayCreate(person);
      const index = readStep(request.params['step']);
      const draft = drafts.open(person);
      const open = findOpenStep(draft);
      // Nobody gets past a step that is not right yet.
      if (index > open) response.redirect(303, pathOf(open));
      else response.render('portal/wizard', show(index, draft, {}));
    }),
  );

  router.post(
    '/:step',
    visits.signedIn(({ person, request, response }) => {
      checkMayCreate(person);
      const index = readStep(request.params['step']);
      const go = readChoice(request.body, 'go', ['next', 'back', 'more']);
      const draft = drafts.save(person, steps[index]?.read(request.body) ?? {});
      if (go !== 'next') {
        response.redirect(303, pathOf(go === 'back' ? Math.max(0, index - 1) : index));
        return;
      }
      const problems = findProblems(index, draft);
      if (Object.keys(problems).length > 0) {
        response.status(422).render('portal/wizard', show(index, draft, problems));
        return;
      }
      const next = Math.min(index + 1, findOpenStep(draft));
      if (next < steps.length) {
        response.redirect(303, pathOf(next));
        return;
      }
      const { redirectUris, scopes } = draft;
      const app = apps.create(person, { details: toDetails(draft.details), redirectUris, scopes });
      drafts.discard(person);
      response.redirect(303, `/portal/apps/${app.clientId}/secret`);
    }),
  );

  return router;
}

function show(index: number, draft: Draft, problems: Problems) {
  const section = steps[index] ?? detailsSection;
  const titles = steps.map(({ title }) => title);
  return { ...showSection(section, { ...draft, ...NO_URLS }, problems), base: BASE, index, titles };
}

function findProblems(index: number, draft: Draft): Problems {
  return steps[index]?.findProblems({ ...draft, ...NO_URLS }) ?? {};
}

/** The first step with something to put right; the number of steps when there is none. */
function findOpenStep(draft: Draft): number {
  const index = steps.findIndex((_, step) => Object.keys(findProblems(step, draft)).length > 0);
  return index < 0 ? steps.length : index;
}

function pathOf(step: number): string {
  return `${BASE}/${(steps[step] ?? steps.at(-1))?.key}`;
}

function readStep(key: unknown): number {
  const index = steps.findIndex((step) => step.key === key);
  if (index < 0) throw new Refused(404, 'The portal has no such page.');
  return index;
}
