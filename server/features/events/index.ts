import { Router } from 'express';
import type { Core } from '../../core.ts';
import { bindTo } from '../../web/handlers.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { createEventLog } from './event-log.ts';
import { showEvent, showEvents } from './pages.ts';
import { paths } from './present.ts';
import { replayEvent, replayFailed } from './replay.ts';

/** The pages on which an owner looks into the inbox, and runs again what failed. */
export const events: Feature = {
  name: 'events',
  tab: { name: 'Events', path: '/events' },
  open,
};

function open(core: Core): FeatureParts {
  const eventLog = createEventLog(core);
  const to = bindTo({ ...core, eventLog });
  const list = '/installations/:id/events';
  const pages = Router();
  pages.get(list, to(showEvents));
  pages.post(`${list}/replay-failed`, core.form, to(replayFailed));
  pages.get(`${list}/:eventId`, to(showEvent));
  pages.post(`${list}/:eventId/replay`, core.form, to(replayEvent));
  return { pages, eventPath: paths.one };
}
