import { Router } from 'express';
import { Refused } from '../../../refused.ts';
import type { Person } from '../../zocks/zocks-state.ts';
import type { Portal } from '../create-portal.ts';
import { sectionsOf, showSection, toContent } from '../forms/app-form.ts';
import type { Problems } from '../forms/sections.ts';
import type { Draft } from '../portal-state.ts';
import { readChoice } from './create-visits.ts';
import type { Visits } from './create-visits.ts';

const BASE = '/portal/apps/new';

/** Create new app: three steps, left and taken up again as one likes. What it will be decides on the last. */
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
      const draft = drafts.open(person);
      response.redirect(303, pathOf(portal, draft, findOpenStep(portal, draft)));
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
      const draft = drafts.open(person);
      const index = readStep(portal, draft, request.params['step']);
      const open = findOpenStep(portal, draft);
      // Nobody gets past a step that is not right yet.
      if (index > open) response.redirect(303, pathOf(portal, draft, open));
      else response.render('portal/wizard', show(portal, index, draft, {}));
    }),
  );

  router.post(
    '/:step',
    visits.signedIn(({ person, request, response }) => {
      checkMayCreate(person);
      const before = drafts.open(person);
      const index = readStep(portal, before, request.params['step']);
      const go = readChoice(request.body, 'go', ['next', 'back', 'more']);
      const step = sectionsOf(portal, before)[index];
      const draft = drafts.save(person, step?.read(request.body) ?? {});
      if (go !== 'next') {
        const next = go === 'back' ? Math.max(0, index - 1) : index;
        response.redirect(303, pathOf(portal, draft, next));
        return;
      }
      const problems = step?.findProblems(draft) ?? {};
      if (Object.keys(problems).length > 0) {
        response.status(422).render('portal/wizard', show(portal, index, draft, problems));
        return;
      }
      const open = findOpenStep(portal, draft);
      const next = Math.min(index + 1, open);
      if (next < sectionsOf(portal, draft).length) {
        response.redirect(303, pathOf(portal, draft, next));
        return;
      }
      const { clientId } = apps.create(person, draft.platform, toContent(draft));
      drafts.discard(person);
      response.redirect(303, `/portal/apps/${clientId}/secret`);
    }),
  );

  return router;
}

function show(portal: Portal, index: number, draft: Draft, problems: Problems) {
  const sections = sectionsOf(portal, draft);
  const section = sections[index] ?? sections[0];
  const titles = sections.map(({ title }) => title);
  return { ...showSection(portal, section, draft, problems), base: BASE, index, titles };
}

/** The first step with something to put right; the number of steps when there is none. */
function findOpenStep(portal: Portal, draft: Draft): number {
  const sections = sectionsOf(portal, draft);
  const index = sections.findIndex((one) => Object.keys(one.findProblems(draft)).length > 0);
  return index < 0 ? sections.length : index;
}

function pathOf(portal: Portal, draft: Draft, step: number): string {
  const sections = sectionsOf(portal, draft);
  return `${BASE}/${(sections[step] ?? sections[2]).key}`;
}

function readStep(portal: Portal, draft: Draft, key: unknown): number {
  const index = sectionsOf(portal, draft).findIndex((step) => step.key === key);
  if (index < 0) throw new Refused(404, 'The portal has no such page.');
  return index;
}
