import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Core } from '../../core.ts';
import { AppError } from '../../errors.ts';
import { runAction } from '../shared/run-action.ts';
import { paths } from './present.ts';
import { runAgain, runAllAgain } from './run-again.ts';

type Replaying = Pick<
  Core,
  'installations' | 'installationOwners' | 'database' | 'wake' | 'log' | 'now'
>;

const ReplayForm = z.looseObject({ back: z.literal('event').optional().catch(undefined) });

/** The button that runs a failed event again, on the account's page and on the event's own. */
export async function replayEvent(
  core: Replaying,
  request: Request,
  response: Response,
): Promise<void> {
  const eventId = String(request.params['eventId']);
  const { back } = ReplayForm.parse(request.body ?? {});
  await runAction(
    core,
    request,
    response,
    async ({ id }) => {
      if (!(await runAgain(core, id, eventId))) {
        const hint = 'Reload the account’s page: it may have been replayed already.';
        const text = 'Only an event that failed can be replayed.';
        throw new AppError('event_not_failed', text, hint, { status: 409 });
      }
      core.wake();
      return { kind: 'ok', text: 'The event runs again now.' };
    },
    ({ id }) => (back === 'event' ? paths.one(id, eventId) : paths.status(id)),
  );
}

/** The button that runs all of them. */
export async function replayFailed(
  core: Replaying,
  request: Request,
  response: Response,
): Promise<void> {
  await runAction(
    core,
    request,
    response,
    async ({ id }) => {
      const count = await runAllAgain(core, id);
      core.wake();
      const which = count === 1 ? '1 event runs' : `${count} events run`;
      return {
        kind: 'ok',
        text: count === 0 ? 'No event waits to be replayed.' : `${which} again now.`,
      };
    },
    ({ id }) => paths.list(id),
  );
}
