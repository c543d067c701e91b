import type { Request } from 'express';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { EventStore } from '../../inbox/event-store.ts';
import type { FormAction } from '../../installations/form-action.ts';
import type { Installation } from '../../store/schema.ts';
import { paths } from './paths.ts';

const ReplayForm = z.looseObject({ back: z.literal('event').optional().catch(undefined) });

/** An event is replayed from the status page, or from its own. */
function pathAfterReplay({ id }: Installation, request: Request): string {
  const { back } = ReplayForm.parse(request.body ?? {});
  return back === 'event' ? paths.one(id, readEventId(request)) : paths.status(id);
}

function readEventId(request: Request): string {
  return String(request.params['eventId']);
}

/** The buttons that run failed events again: one of them, and all. */
export function createReplayActions(options: {
  action: FormAction;
  events: EventStore;
  wakeWorker: () => void;
}) {
  const { action, events, wakeWorker } = options;
  return {
    replayEvent: action(async ({ id }, request) => {
      if (!(await events.replay(id, readEventId(request)))) {
        const hint = 'Reload the status page: it may have been replayed already.';
        const text = 'Only an event that failed can be replayed.';
        throw new AppError('event_not_failed', text, hint, { status: 409 });
      }
      wakeWorker();
      return { kind: 'ok', text: 'The event runs again now.' };
    }, pathAfterReplay),

    replayFailed: action(
      async ({ id }) => {
        const count = await events.replayAllFailed(id);
        wakeWorker();
        const which = count === 1 ? '1 event runs' : `${count} events run`;
        return { kind: 'ok', text: count === 0 ? 'No event has failed.' : `${which} again now.` };
      },
      ({ id }) => paths.list(id),
    ),
  };
}
