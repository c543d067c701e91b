import type { Feature } from '../feature.ts';
import { giveUp } from './give-up.ts';

declare module '../../runtime/types.ts' {
  /** What failed for the last time. */
  export interface GivenUp {
    /** Which function of yours; of an event that a feature made, its type. */
    handler: 'onMessage' | 'onPostback' | 'onStart' | 'onHandOffFailed' | (string & {});
    /** In words for your log, not for the customer. */
    reason: string;
  }

  export type OnGiveUp = (context: Tools & GivenUp) => Promise<void>;

  interface Bot {
    /**
     * A function of yours failed for the last time, or did not end in time. Without this one, the customer who
     * asked for something is told so and handed over.
     */
    onGiveUp?: OnGiveUp;
  }
}

declare module '../../observe.ts' {
  interface Steps {
    'give-up-handled': { handler: string };
  }
}

/** A customer whom the bot could not answer is told so, and handed over. */
export const apology: Feature = {
  name: 'apology',
  open: (core) => ({ giveUp: (failure) => giveUp(core, failure) }),
};
