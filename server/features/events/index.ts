import { Router } from 'express';
import type { Core } from '../../core.ts';
import { createFindOwned } from '../../installations/find-owned.ts';
import { createFormAction } from '../../installations/form-action.ts';
import { EVENTS_READ } from '../../inbox/list-events.ts';
import type { Feature } from '../feature.ts';
import { createReplayActions } from './replay-actions.ts';
import { createShowEvent } from './show-event.ts';
import { createShowEvents } from './show-events.ts';

const FAILED_EVENTS = 50;

/** The pages on which an owner looks into the inbox, and runs again what failed. */
export const events: Feature = {
  name: 'events',
  hasStyles: true,
  open(core: Core) {
    const { eventLog, form, now } = core;
    const findOwned = createFindOwned(core);
    const action = createFormAction(core);
    const { replayEvent, replayFailed } = createReplayActions({
      action,
      events: core.events,
      wakeWorker: core.wake,
    });
    const pages = Router();
    pages.get('/installations/:id/events', createShowEvents({ findOwned, eventLog, now }));
    pages.post('/installations/:id/events/replay-failed', form, replayFailed);
    pages.get('/installations/:id/events/:eventId', createShowEvent({ findOwned, eventLog }));
    pages.post('/installations/:id/events/:eventId/replay', form, replayEvent);
    return {
      pages,
      async cards({ id, status }) {
        const basePath = `/installations/${id}`;
        const [failed, counts] = await Promise.all([
          core.events.listFailed(id, FAILED_EVENTS),
          eventLog.countByState(id),
        ]);
        const total = Object.values(counts).reduce((sum, count) => sum + count);
        return [
          {
            place: 'activity',
            view: 'events/sections/counts',
            locals: { basePath, counts, isCountPartial: total >= EVENTS_READ },
          },
          {
            place: 'main',
            view: 'events/sections/failed-events',
            locals: {
              basePath,
              active: status === 'active',
              failedEvents: failed.map((event) => ({
                eventId: event.event_id,
                type: event.type,
                note: event.note,
                attempts: event.attempts,
                receivedAt: event.received_at,
                canReplay: event.has_payload === 1,
              })),
            },
          },
        ];
      },
    };
  },
};
