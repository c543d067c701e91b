import { Router } from 'express';
import type { Core } from '../../core.ts';
import { bindTo } from '../../web/handlers.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { createTimelineObserver } from './observer.ts';
import { showEventTraces, showOverview, showTimeline } from './pages/pages.ts';
import { findSources, showSource } from './steps/source.ts';
import { tracesMigration } from './schema.ts';
import { createTraceStore } from './traces.ts';

const KEPT_DAYS = 7;
const KEPT = 200;
const DAY_MS = 24 * 60 * 60_000;

/** What happened, step by step, on the account's page. */
export const timeline: Feature = {
  name: 'timeline',
  tab: { name: 'Conversations', path: '/timeline' },
  migrations: { '0001-initial': tracesMigration },
  open,
};

function open(core: Core): FeatureParts {
  const traces = createTraceStore(core);
  const deps = { ...core, traces, hasSources: findSources(core) };
  const to = bindTo(deps);
  const pages = Router();
  pages.get('/source/*path', to(showSource));
  pages.get('/installations/:id/timeline', to(showTimeline));

  return {
    pages,
    observer: createTimelineObserver(core, traces),
    cards: ({ id }, { query }) => showOverview(deps, id, query),
    eventCards: (installationId, eventId) => showEventTraces(deps, installationId, eventId),
    kept: [
      {
        what: 'How each event was handled: the calls to Zendesk with what they said, without tokens and secrets',
        howLong: `${KEPT_DAYS} days, and the newest ${KEPT} per account`,
      },
    ],
    describeData: async () => ['what just happened, step by step'],
    exportData: (installationId) => ({ traces: traces.listAll(installationId) }),
    async deleteOld() {
      await traces.deleteOlderThan(KEPT_DAYS * DAY_MS);
      await traces.deleteAllButNewest(KEPT);
    },
  };
}
