import { Router } from 'express';
import type { Core } from '../../core.ts';
import { createFindOwned } from '../../installations/find-owned.ts';
import type { Feature } from '../feature.ts';
import { createSourceLinks } from './create-source-links.ts';
import { tracesMigration } from './migration.ts';
import { createTimelineObserver } from './observer.ts';
import { createShowSource } from './show-source.ts';
import { createShowTimeline, readTimeline } from './show-timeline.ts';
import { createTraceStore } from './store/traces.ts';

const KEPT_MS = 7 * 24 * 60 * 60_000;
const KEPT = 200;
const PAGE = 200;

/** What happened, step by step, on the account's page. */
export const timeline: Feature = {
  name: 'timeline',
  hasStyles: true,
  migrations: { '0001-initial': tracesMigration },
  open(core: Core) {
    const traces = createTraceStore(core);
    const source = { root: core.root, published: core.sandboxUrl !== null };
    const linkToSource = createSourceLinks(source);
    const findOwned = createFindOwned(core);

    const pages = Router();
    pages.get('/source/*path', createShowSource(source));
    pages.get(
      '/installations/:id/timeline',
      createShowTimeline({ findOwned, traces, linkToSource }),
    );

    async function* listTraces(installationId: string) {
      let before: number | undefined;
      for (;;) {
        const page = await traces.list(installationId, { before, limit: PAGE });
        yield* page;
        before = page.at(-1)?.id;
        if (before === undefined) return;
      }
    }

    return {
      pages,
      observer: createTimelineObserver(core, traces),
      cards: async ({ id }) => [
        {
          place: 'main',
          view: 'timeline/sections/timeline',
          locals: { timeline: await readTimeline({ traces, linkToSource }, id) },
        },
      ],
      describeData: async () => ['what just happened, step by step'],
      exportData: (installationId) => ({ traces: listTraces(installationId) }),
      async deleteOld() {
        await traces.deleteOlderThan(KEPT_MS);
        await traces.deleteAllButNewest(KEPT);
      },
    };
  },
};
