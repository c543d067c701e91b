import { z } from 'zod';
import { columnText } from '../../text.ts';
import type { EventCursor, EventFilter } from './list-events.ts';

const id = columnText.min(1).max(200);

/** What cannot be meant (a state nobody knows, a parameter sent twice) counts as left out. */
const Query = z.object({
  state: z.enum(['waiting', 'working', 'done', 'ignored', 'failed']).or(z.literal('')).catch(''),
  type: columnText.max(200).catch(''),
  text: columnText.trim().max(200).catch(''),
  older: id.optional().catch(undefined),
  newer: id.optional().catch(undefined),
});

/** The address of a list of events says all about it, so that it can be bookmarked. */
export function readQuery(query: unknown): { filter: EventFilter; cursor: EventCursor | null } {
  const { older, newer, ...filter } = Query.parse(query);
  if (older !== undefined) return { filter, cursor: { eventId: older, direction: 'older' } };
  if (newer !== undefined) return { filter, cursor: { eventId: newer, direction: 'newer' } };
  return { filter, cursor: null };
}

/** The inverse, without the path. */
export function writeQuery(filter: EventFilter, cursor: EventCursor | null): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  if (cursor !== null) query.set(cursor.direction, cursor.eventId);
  return query.size === 0 ? '' : `?${query.toString()}`;
}
