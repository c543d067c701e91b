import { z } from 'zod';
import type { Core } from '../../core.ts';
import type { Settlement } from '../../inbox/settle.ts';
import type { NewEvent } from '../../store/schema.ts';
import { checkBot } from '../shared/check-bot.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { joinMessages } from './join.ts';
import { burstsMigration } from './schema.ts';
import { deleteOldMessages, forgetMessages, settleTogether } from './stored.ts';

declare module '../../runtime/types.ts' {
  interface Bot {
    /**
     * Milliseconds, up to 60 000. Messages of one customer that follow each other within that time are answered
     * together: `message` is the last of them, `earlier` has the others. 0, the default: each by itself, at once.
     */
    waitForMore?: number;
  }
}

const Said = z.object({
  waitForMore: z
    .int('is a number of milliseconds')
    .min(0, 'is less than 0')
    .max(60_000, 'is more than a minute (60 000)')
    .optional(),
});

/** Several messages of a customer that follow each other closely are answered as one. */
export const bursts: Feature = {
  name: 'bursts',
  migrations: { '0001-initial': burstsMigration },
  checkBot: (bot) => checkBot(bot, Said),
  open,
};

function open(core: Core): FeatureParts {
  // Asked for each time: while somebody edits the bot, it is swapped.
  const findWait = () => core.bot.waitForMore ?? 0;
  const mayBeFirst = ({ event, state }: Settlement) =>
    isMessage(event) && state !== 'waiting' && (findWait() > 0 || event.attempts > 1);

  /** Only a hint: whoever looks for work finds what is due. */
  function lookInTime(events: readonly NewEvent[]): void {
    const wait = findWait();
    if (wait === 0) return;
    const waiting = events.filter((event) => isMessage(event) && event.state === 'waiting');
    const lanes = waiting.map((event) => event.conversation_key);
    if (lanes.length > 0) setTimeout(() => core.wake(lanes), wait).unref();
  }

  return {
    delay: (event) => (isMessage(event) ? findWait() : 0),
    prepare: (occasion) => joinMessages(core, occasion),
    observer: {
      settle: (transaction, settlements, at) =>
        settleTogether(transaction, settlements.filter(mayBeFirst), at),
      dropWords: forgetMessages,
      occur: { 'events-received': ({ events }) => lookInTime(events) },
    },
    deleteOld: () => deleteOldMessages(core.database.kysely),
  };
}

const isMessage = ({ type }: Pick<NewEvent, 'type'>) => type === 'conversation:message';
