import { runWithTools, unlessControlIsLost } from './in-control.ts';
import type { DispatchDeps, DispatchResult } from './in-control.ts';
import type { GivenUp, OnGiveUp } from './types.ts';

/** Told by the failure of onHandOffFailed, a hand-off would fail again and end here again. */
const HAND_OFF_FAILED = 'onHandOffFailed';
const NO_HAND_OFF = 'The hand-off has just failed: it cannot be given up by another one.';

/** Lets the bot say something about an event that it could not answer, if it is still in control. */
export async function runOnGiveUp(deps: DispatchDeps, failed: GivenUp): Promise<DispatchResult> {
  const { onGiveUp = apologise } = deps.bot;
  deps.observe.step({ key: 'give-up-handled', handler: failed.handler });
  const noHandOff = failed.handler === HAND_OFF_FAILED ? { noHandOff: NO_HAND_OFF } : {};
  return await unlessControlIsLost(deps, () =>
    runWithTools(
      deps,
      async (tools) => {
        await onGiveUp({ ...tools, ...failed });
        return 'onGiveUp';
      },
      { about: 'given-up', ...noHandOff },
    ),
  );
}

/** For a bot without onGiveUp: who asked for something, or waits for a person, is not left waiting. */
const apologise: OnGiveUp = async ({ handler, reply, handOff }) => {
  if (handler === HAND_OFF_FAILED)
    return await reply('I am sorry, nobody can be reached right now.');
  if (handler !== 'onMessage' && handler !== 'onPostback') return;
  try {
    await reply('I am sorry, something went wrong here. A colleague will go on with you.');
  } finally {
    // Also in a conversation that takes no more messages.
    await handOff({ reason: 'The bot could not answer because of an error.' });
  }
};
