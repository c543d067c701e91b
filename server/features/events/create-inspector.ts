import type { EventStore } from '../../inbox/event-store.ts';
import { createFindOwned } from '../../installations/find-owned.ts';
import { createFormAction } from '../../installations/form-action.ts';
import type { Log } from '../../log.ts';
import type { Stores } from '../../store/create-stores.ts';
import { createReplayActions } from './replay-actions.ts';
import { createShowEvent } from './show-event.ts';
import { createShowEvents } from './show-events.ts';

/** The pages on which an owner looks into the inbox, and runs again what failed. */
export function createInspector(options: {
  stores: Stores;
  events: EventStore;
  wakeWorker: () => void;
  now: () => number;
  log: Log;
}) {
  const { stores, log } = options;
  const { eventLog } = stores;
  const findOwned = createFindOwned(stores);
  const action = createFormAction({ findOwned, log });
  return {
    listEvents: createShowEvents({ ...options, findOwned, eventLog }),
    showEvent: createShowEvent({ findOwned, eventLog }),
    ...createReplayActions({ ...options, action }),
  };
}
