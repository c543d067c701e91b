import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { FeatureParts } from '../../../../server/features/feature.ts';
import { createMemoryObserver } from '../../../../server/features/memory/index.ts';
import { openMemory } from '../../../../server/features/memory/open-memory.ts';
import type { Write } from '../../../../server/inbox/settle.ts';
import { createLog } from '../../../../server/log.ts';
import { createStores } from '../../../../server/store/create-stores.ts';
import type { Engine } from '../../../../server/store/engines/database.ts';
import { createClock } from '../../../support/clock.ts';
import { openTestDatabase } from '../../../support/store/engines.ts';
import { insertEvent } from '../../../support/store/insert-event.ts';
import type { TestMemory } from './keys.ts';
import { rememberConversation } from '../../../support/store/remember-conversation.ts';

export type Memories = Awaited<ReturnType<typeof openMemories>>;

/** A database with an installation, and attempts at events of its conversations. Without `livesOn` nobody was merged. */
export async function openMemories(engine: Engine, livesOn?: NonNullable<FeatureParts['livesOn']>) {
  const database = await openTestDatabase(engine);
  const clock = createClock();
  const { now } = clock;
  const keys = [{ id: 'k1', key: Buffer.alloc(32, 1) }];
  const stores = createStores({ database, keys, now });
  const parts: FeatureParts[] = livesOn ? [{ livesOn }] : [];
  const observer = createMemoryObserver({ parts, now });
  parts.push({ observer });
  const log = createLog('silent');

  async function createInstallation(): Promise<string> {
    const id = randomUUID();
    await stores.installations.create(id, 'Acme');
    return id;
  }

  return {
    database,
    clock,
    stores,
    /** For whatever removes or merges customers. */
    deps: { ...stores, database, eventTypes: {}, parts, log, now },
    close: () => database.close(),
    createInstallation,

    /** A conversation as it is after an event of it. */
    meet: (installationId: string, conversationId: string, userId: string) =>
      rememberConversation(database, {
        installation_id: installationId,
        conversation_id: conversationId,
        user_id: userId,
        controller: null,
        last_event_at: now(),
      }),

    /**
     * An attempt at an event: what the handler does with its memory, and then either the transaction that
     * settles the event, or none.
     */
    async attempt<Result>(
      at: { installationId: string; conversationId: string; customerId: string },
      handle: (memory: TestMemory) => Promise<Result>,
      { isSettled = true } = {},
    ): Promise<Result> {
      const event = await insertEvent(database, { installation_id: at.installationId });
      const installation = await stores.installations.find(at.installationId);
      if (installation === undefined) throw new Error('There is no such installation');
      const writes: Write[] = [];
      const memory = openMemory(
        { database, parts, schemas: {}, log, now },
        {
          ...at,
          customer: { id: at.customerId, externalId: undefined, isAuthenticated: undefined },
          installation,
          event,
          onSettle: (write) => void writes.push(write),
        },
      );
      const result = await handle(z.custom<TestMemory>().parse(memory));
      if (isSettled)
        await database.kysely.transaction().execute(async (transaction) => {
          for (const write of writes) await write(transaction);
        });
      return result;
    },
  };
}
