import type { GivenUp, OnGiveUp, Tools } from '../../runtime/types.ts';
import { runWithTools, type DispatchResult, type Visit } from '../../runtime/visit.ts';

/** Told by the failure of onHandOffFailed, a hand-off would fail again and end here again. */
const HAND_OFF_FAILED = 'onHandOffFailed';
const NO_HAND_OFF = 'The hand-off has just failed: it cannot be given up by another one.';

/** Lets the bot say something about an event that it could not answer, if it is still in control. */
export async function runOnGiveUp(visit: Visit, failed: GivenUp): Promise<DispatchResult> {
  const { onGiveUp = apologise } = visit.bot;
  visit.observe.step({ key: 'give-up-handled', handler: failed.handler });
  const more: Partial<Tools> = failed.handler === HAND_OFF_FAILED ? { handOff: refuseHandOff } : {};
  return await runWithTools(
    visit,
    async (tools) => {
      await onGiveUp({ ...tools, ...more, ...failed });
      return 'onGiveUp';
    },
    { about: 'given-up' },
  );
}

async function refuseHandOff(): Promise<void> {
  throw new Error(NO_HAND_OFF);
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
