import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import { notFound } from '../../errors.ts';
import { TRIGGERS } from '../../zendesk/events.ts';
import { splitAtLinks } from '../shared/split-at-links.ts';
import type { EventLog } from './event-log.ts';
import { EVENTS_PER_PAGE, EVENTS_READ, type EventCursor } from './list-events.ts';
import { findOwned } from '../../installations/owned.ts';
import { ARRIVALS_MS, drawArrivals } from './draw-arrivals.ts';
import { nameEventType, paths, presentEvent, presentWholeEvent } from './present.ts';
import { readQuery, writeQuery } from './query.ts';

type EventPages = Pick<
  Core,
  'installations' | 'installationOwners' | 'eventTypes' | 'now' | 'parts'
> & {
  eventLog: EventLog;
};

/** The events of an installation, filtered, a page at a time; the newest page has a chart as well. */
export async function showEvents(
  core: EventPages,
  request: Request,
  response: Response,
): Promise<void> {
  const { eventLog, eventTypes } = core;
  const { id, display_name: name, status } = await findOwned(core, request);
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
  response.render('events/events', {
    title: 'Events',
    account: { href: paths.status(id), name },
    installation: { id, name, status },
    listHref,
    filter,
    isFiltered: Object.values(filter).some((value) => value !== ''),
    types: [...new Set([...TRIGGERS, ...Object.keys(eventTypes), filter.type])]
      .filter((type) => type !== '')
      .map((type) => ({ type, label: nameEventType(eventTypes, type) })),
    events: events.map((event) => presentEvent(eventTypes, id, event)),
    failed: await eventLog.countFailed(id),
    newerHref: linkTo('newer', isNewer ? end?.eventId : first),
    newestHref: cursor === null ? null : listHref + writeQuery(filter, null),
    olderHref: linkTo('older', isNewer ? last : end?.eventId),
    /** Set when the search stopped before it had looked at everything. */
    searchedBackTo: isNewer || events.length === EVENTS_PER_PAGE ? null : (end?.receivedAt ?? null),
    eventsRead: EVENTS_READ,
    arrivals: cursor === null ? await readArrivals(core, id) : null,
  });
}

async function readArrivals({ eventLog, now }: EventPages, installationId: string) {
  const at = now();
  return drawArrivals(await eventLog.listArrivals(installationId, at - ARRIVALS_MS), at);
}

/** One event: what became of it, and what Zendesk sent. */
export async function showEvent(
  core: EventPages,
  request: Request,
  response: Response,
): Promise<void> {
  const { id, display_name: name, status } = await findOwned(core, request);
  const event = await core.eventLog.find(id, String(request.params['eventId']));
  if (event === undefined) throw notFound();
  const cards = core.parts.map(
    async ({ eventCards }) => (await eventCards?.(id, event.event_id)) ?? [],
  );
  response.render('events/event', {
    title: 'Event',
    account: { href: paths.status(id), name },
    installation: { id, name, status },
    listHref: paths.list(id),
    cards: (await Promise.all(cards)).flat(),
    ...presentWholeEvent(core.eventTypes, id, event, core.now()),
    splitAtLinks,
  });
}
