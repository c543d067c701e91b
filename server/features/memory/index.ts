import type { Core } from '../../core.ts';
import type { Observer } from '../../observe.ts';
import { redactPayload } from '../shared/secret-names.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { openMemory, requireDefaults } from './open-memory.ts';
import { memoryMigration } from './schema.ts';
import { mergeMemory, type Kind } from './stored.ts';
import {
  countMemory,
  forgetAll,
  forgetCustomers,
  forgetCustomersSince,
  listMemory,
  listRemembered,
} from './upkeep.ts';

/** Of a customer, from when it was changed last. */
const KEPT_DAYS = 365;
const DAY_MS = 24 * 60 * 60_000;

/** What handlers remember of a conversation and of a customer. */
export const memory: Feature = {
  name: 'memory',
  migrations: { '0001-initial': memoryMigration },
  checkBot: (bot) => requireDefaults(bot.memory ?? {}),
  open,
};

function open(core: Core): FeatureParts {
  const { database, bot, parts, log, now } = core;
  const { kysely } = database;
  return {
    // Asked for each time: while somebody edits the bot, it is swapped.
    tools: (attempt) => ({
      memory: openMemory({ database, parts, schemas: bot.memory ?? {}, log, now }, attempt),
    }),
    observer: createMemoryObserver(core),
    kept: [
      {
        what: 'What the bot remembers of a conversation, for example the question it has asked',
        howLong: '90 days after the conversation’s last event',
      },
      {
        what: 'What the bot remembers of a customer',
        howLong: `${KEPT_DAYS} days after it last changed`,
      },
    ],
    async describeData(installationId) {
      const { conversations, customers } = await countMemory(kysely, installationId);
      if (conversations + customers === 0) return [];
      return [
        `what the bot remembers: of ${conversations} conversation(s) and ${customers} customer(s)`,
      ];
    },
    exportData: (installationId) => ({
      conversationMemory: exportMemory(core, 'conversation', installationId),
      customerMemory: exportMemory(core, 'customer', installationId),
    }),
    listStored: listRemembered(kysely),
    deleteOld: () => forgetCustomersSince(kysely, now() - KEPT_DAYS * DAY_MS),
  };
}

/** What is remembered of customers goes, or moves along, in the transaction in which they do. */
export function createMemoryObserver(core: Pick<Core, 'parts' | 'now'>): Observer {
  return {
    forget: (transaction, id, { userIds }) => forgetCustomers(transaction, id, userIds),
    merge: (transaction, id, change) => mergeMemory(core, transaction, id, change, core.now()),
    /** It may hold what they wrote. */
    async dropWords(transaction, id, eventIds) {
      if (eventIds === undefined) await forgetAll(transaction, id);
    },
  };
}

/** What is named like a secret is hidden, as in the payloads of events. */
async function* exportMemory({ database }: Core, kind: Kind, installationId: string) {
  for await (const { id, value, updatedAt } of listMemory(database.kysely, kind, installationId)) {
    const shown: unknown = JSON.parse(redactPayload(value));
    yield { [`${kind}_id`]: id, memory: shown, updated_at: updatedAt };
  }
}
