import type { FindOwned } from '../installations/find-owned.ts';
import type { EventLog } from '../store/event-log.ts';
import { createShowEvent } from './show-event.ts';
import { createShowEvents } from './show-events.ts';

/** The pages on which an owner looks into the inbox. */
export function createInspector(options: {
  findOwned: FindOwned;
  eventLog: EventLog;
  now: () => number;
}) {
  return { listEvents: createShowEvents(options), showEvent: createShowEvent(options) };
}
