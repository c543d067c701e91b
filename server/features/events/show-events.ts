import type { RequestHandler } from 'express';
import type { FindOwned } from '../../installations/find-owned.ts';
import type { EventLog } from '../../inbox/event-log.ts';
import { EVENTS_PER_PAGE, EVENTS_READ, type EventCursor } from '../../inbox/list-events.ts';
import { ARRIVALS_MS, drawArrivals } from './draw-arrivals.ts';
import { EVENT_TYPES, nameEventType } from './event-types.ts';
import { paths } from './paths.ts';
import { presentEvent } from './present-event.ts';
import { readQuery, writeQuery } from './read-query.ts';

/** The events of an installation, filtered, a page at a time; the newest page has a chart as well. */
export function createShowEvents(options: {
  findOwned: FindOwned;
  eventLog: EventLog;
  now: () => number;
}): RequestHandler {
  const { eventLog, now } = options;
  return async (request, response) => {
    const { id, display_name: name, status } = await options.findOwned(request);
    const { filter, cursor } = readQuery(request.query);
    const listHref = paths.list(id);
    const { events, end } = await eventLog.list(id, filter, cursor);
    const isNewer = cursor?.direction === 'newer';
    const first = cursor === null ? undefined : events[0]?.event_id;
    const last = events.at(-1)?.event_id;
    // Going up ended at the top: that page is the first one, and may have grown meanwhile.
    if (isNewer && end === null) return response.redirect(303, listHref + writeQuery(filter, null));

    const linkTo = (direction: EventCursor['direction'], eventId: string | undefined) =>
      eventId === undefined ? null : listHref + writeQuery(filter, { direction, eventId });
    const at = now();
    response.render('events/events', {
      title: 'Events',
      installation: { id, name, status },
      listHref,
      filter,
      isFiltered: Object.values(filter).some((value) => value !== ''),
      types: [...new Set([...EVENT_TYPES, filter.type])]
        .filter((type) => type !== '')
        .map((type) => ({ type, label: nameEventType(type) })),
      events: events.map((event) => presentEvent(id, event)),
      failed: await eventLog.countFailed(id),
      newerHref: linkTo('newer', isNewer ? end?.eventId : first),
      newestHref: cursor === null ? null : listHref + writeQuery(filter, null),
      olderHref: linkTo('older', isNewer ? last : end?.eventId),
      /** Set when the search stopped before it had looked at everything. */
      searchedBackTo:
        isNewer || events.length === EVENTS_PER_PAGE ? null : (end?.receivedAt ?? null),
      eventsRead: EVENTS_READ,
      arrivals:
        cursor === null
          ? drawArrivals(await eventLog.listArrivals(id, at - ARRIVALS_MS), at)
          : null,
    });
  };
}
