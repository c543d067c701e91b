import { Router } from 'express';
import type { Core } from '../../core.ts';
import { bindTo } from '../../web/handlers.ts';
import { limitPerMinute, limitViewsPerMinute } from '../../web/rate-limits.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import type { StandIn } from '../stand-in.ts';
import { createSendChanges } from './changes.ts';
import { dropRun, type Crash } from './crash.ts';
import { toggleBreak } from './faults.ts';
import { describeHome } from './home.ts';
import { createJournal } from './journal.ts';
import { createPlayObserver } from './observer.ts';
import { showPlay } from './pages.ts';
import { tryNow } from './start.ts';
import { guide, showTour } from './tour.ts';

export const play: Feature = createPlay();

/** `/play`: the whole story on one screen, where Zendesk is a stand-in; elsewhere there is nothing of it. */
export function createPlay(): Feature {
  const journal = createJournal();
  let standIn: StandIn | undefined;
  let crash: Crash;

  function open(core: Core): FeatureParts {
    const sandboxUrl = core.config.sandbox?.url;
    // A process may have had another one, of an app that ended.
    if (sandboxUrl === undefined || standIn?.url !== sandboxUrl) return {};
    const deps = { ...core, sandboxUrl, standIn, journal, crash };
    const to = bindTo(deps);
    const pages = Router();
    pages.get('/play', limitViewsPerMinute(600), to(showPlay));
    pages.get('/play/start', limitPerMinute(30), to(tryNow));
    pages.get('/play/changes', to(createSendChanges()));
    pages.post('/play/tour', core.form, to(showTour));
    pages.post('/play/break', core.form, to(toggleBreak));
    return {
      pages,
      observer: createPlayObserver(deps, journal),
      beforePages: guide(deps),
      home: (request) => describeHome(deps, request),
      async beforeRemoval(installationId) {
        journal.drop(installationId);
        const { subdomain } = (await core.installations.find(installationId)) ?? {};
        if (subdomain) await deps.standIn.showGuide(subdomain, () => undefined);
      },
    };
  }

  return {
    name: 'play',
    firstLook: { name: 'Play', path: '/play', note: 'chat and explanation side by side' },
    sandbox(given, _publicUrl, replaceRun) {
      standIn = given;
      crash = replaceRun && (() => replaceRun(dropRun));
      return {};
    },
    open,
  };
}
