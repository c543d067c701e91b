import type { Core } from '../../core.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { deleteOldEvents, deleteSilentConversations, dropOldPayloads } from './events.ts';

/** What customers wrote is deleted a week after it was answered, and later that they wrote at all. */
export const retention: Feature = { name: 'retention', open };

function open({ database, now }: Core): FeatureParts {
  return {
    async deleteOld() {
      await dropOldPayloads(database, now);
      await deleteOldEvents(database, now);
      await deleteSilentConversations(database, now);
    },
    kept: [
      {
        what: 'Events that the bot works on, with the customer’s messages in them',
        howLong: '7 days after they were handled; 30 days, if that failed',
      },
      {
        what: 'That an event arrived and what became of it, without the message',
        howLong: '90 days',
      },
      {
        what: 'Which conversations the bot took part in, and who is in control of them',
        howLong: '90 days after the last event',
      },
    ],
  };
}
