import type { Core } from '../../core.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { answerInControl } from '../shared/own-events.ts';
import { createAlarm } from './alarm.ts';
import { dropWakes, forgetWakes, mergeWakes } from './customers.ts';
import { openRoutes } from './routes.ts';
import { wakesMigration } from './schema.ts';
import { openWakeTools, readData } from './wake-tools.ts';
import { countWakes, listWakes, WAKE } from './wakes.ts';

/** The bot speaks first: at a time it has set itself, or when a route of yours says so. */
export const speak: Feature = {
  name: 'speak',
  migrations: { '0001-initial': wakesMigration },
  eventTypes: {
    [WAKE]: {
      title: 'The bot spoke by itself',
      answer: (visit, payload) =>
        answerInControl(visit, async (tools) => {
          const { onWake } = visit.bot;
          if (onWake === undefined) throw new Error('bot.ts names no onWake.');
          await onWake({ ...tools, data: readData(payload) });
          return 'Woken';
        }),
    },
  },
  open,
};

function open(core: Core): FeatureParts {
  const alarm = createAlarm(core);
  return {
    endpoints: openRoutes(core),
    tools: (attempt) => openWakeTools(core, attempt, alarm),
    work: alarm,
    observer: {
      occur: { 'attempt-settled': ({ event }) => alarm.noteStored(event) },
      forget: forgetWakes,
      merge: mergeWakes,
      async dropWords(transaction, installationId, eventIds) {
        if (eventIds === undefined) await dropWakes(transaction, installationId);
      },
    },
    kept: [
      {
        what: 'When the bot is to speak by itself in a conversation, and about what',
        howLong:
          'Until then, a year at most; not at all once the customer or the conversation is deleted',
      },
    ],
    async describeData(installationId) {
      const count = await countWakes(core, installationId);
      if (count === 0) return [];
      return [`${count} ${count === 1 ? 'time' : 'times'} at which the bot was to speak by itself`];
    },
    async *listStored(installationId) {
      for await (const wake of listWakes(core, installationId))
        yield { userIds: [wake.user_id], conversationIds: [wake.conversation_id] };
    },
    exportData: (installationId) => ({ wakes: listWakes(core, installationId) }),
  };
}
