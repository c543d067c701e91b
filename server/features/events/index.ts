import { Router } from 'express';
import type { Core } from '../../core.ts';
import { EVENTS_READ } from './list-events.ts';
import type { Installation } from '../../store/schema.ts';
import { bindTo } from '../../web/handlers.ts';
import type { Card, Feature, FeatureParts } from '../feature.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { showEvent, showEvents } from './pages.ts';
import { replayEvent, replayFailed } from './replay.ts';

const FAILED_EVENTS = 50;

/** The pages on which an owner looks into the inbox, and runs again what failed. */
export const events: Feature = { name: 'events', open };

function open(core: Core): FeatureParts {
  const eventLog = createEventLog(core);
  const to = bindTo({ ...core, eventLog });
  const list = '/installations/:id/events';
  const pages = Router();
  pages.get(list, to(showEvents));
  pages.post(`${list}/replay-failed`, core.form, to(replayFailed));
  pages.get(`${list}/:eventId`, to(showEvent));
  pages.post(`${list}/:eventId/replay`, core.form, to(replayEvent));
  return { pages, cards: (installation) => showCards(eventLog, installation) };
}

/** How many events there are in each state, and those that failed. */
async function showCards(eventLog: EventLog, { id, status }: Installation): Promise<Card[]> {
  const basePath = `/installations/${id}`;
  const [failed, counts] = await Promise.all([
    eventLog.listFailed(id, FAILED_EVENTS),
    eventLog.countByState(id),
  ]);
  const total = Object.values(counts).reduce((sum, count) => sum + count);
  const failedEvents = failed.map((event) => ({
    eventId: event.event_id,
    type: event.type,
    note: event.note,
    attempts: event.attempts,
    receivedAt: event.received_at,
    canReplay: event.has_payload === 1,
  }));
  return [
    {
      place: 'activity',
      view: 'events/sections/counts',
      locals: { basePath, counts, isCountPartial: total >= EVENTS_READ },
    },
    {
      place: 'main',
      view: 'events/sections/failed-events',
      locals: { basePath, active: status === 'active', failedEvents },
    },
  ];
}
