import type { Kysely } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { createEventStore } from '../../../server/inbox/events.ts';
import { changeMemory } from '../../../server/features/memory/stored.ts';
import { createObserve } from '../../../server/observe.ts';
import type { Schema } from '../../../server/store/schema.ts';
import { engines } from '../../support/store/engines.ts';
import { createGate } from '../../support/gate.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { remembering } from './support/keys.ts';
import { openMemories, type Memories } from './support/open-memories.ts';

describe.each(engines)('conversations of one customer that go on in parallel on %s', (engine) => {
  let shop: Shop | undefined;
  let memories: Memories | undefined;
  afterEach(async () => {
    await shop?.close();
    await memories?.close();
    shop = undefined;
    memories = undefined;
  });

  it('lose none of each other’s keys, although each read before any wrote', async () => {
    const CONVERSATIONS = 8;
    const gate = createGate();
    let reading = CONVERSATIONS;
    shop = await startShop({
      engine,
      bot: {
        onStart: async () => {},
        onMessage: remembering(async ({ memory, conversation }) => {
          const seen = await memory.customer.get();
          await memory.customer.set({ [`of ${conversation.id}`]: 'there' });
          await memory.customer.set({ seen: 1 });
          reading -= 1;
          if (reading === 0) gate.open();
          else await gate.pass();
          expect(seen).toEqual({});
        }),
      },
    });
    await shop.install();
    const { zendesk, database } = shop;
    const ids = Array.from({ length: CONVERSATIONS }, () => {
      const options = { account: 'acme', userExternalId: 'jane' };
      return zendesk.createConversation(options).conversationId;
    });
    for (const conversationId of ids)
      zendesk.sendCustomerMessage({ conversationId, text: 'Hello?' });
    const row = await waitUntil('all were settled', async () => {
      const [found] = await database.kysely.selectFrom('customer_memory').selectAll().execute();
      return found !== undefined && found.value.split('there').length > CONVERSATIONS
        ? found
        : undefined;
    });
    const expected = Object.fromEntries(ids.map((id) => [`of ${id}`, 'there']));
    expect(JSON.parse(row.value)).toEqual({ seen: 1, ...expected });
  });

  it('never wait for each other in a circle, however they are settled together', async () => {
    memories = await openMemories(engine);
    const { database, deps } = memories;
    const id = await memories.createInstallation();
    const customers = ['a', 'b', 'c', 'd'];
    const store = createEventStore({ ...deps, observe: createObserve() });
    const ROUNDS = 20;
    /** One instance: it settles an event of each customer at once, in this order. */
    async function settleAll(owner: string, order: readonly string[]): Promise<void> {
      const settlements = await Promise.all(
        order.map(async (user) => {
          const event = await insertEvent(database, {
            installation_id: id,
            conversation_key: `${id}/${owner}-${user}`,
            state: 'working',
            lease_owner: owner,
          });
          const place = { kind: 'customer', installationId: id, id: user } as const;
          return {
            event,
            state: 'done' as const,
            note: null,
            conversation: {
              conversation_id: `${owner}-${user}`,
              user_id: user,
              controller: null,
              last_event_at: 1,
            },
            writes: [
              (transaction: Kysely<Schema>) =>
                changeMemory(
                  { parts: [] },
                  transaction,
                  place,
                  (entries) => new Map(entries).set(event.event_id, '1'),
                  1,
                ),
            ],
          };
        }),
      );
      await store.settle(settlements);
    }
    for (let round = 0; round < ROUNDS; round++)
      await Promise.all([
        settleAll(`one-${round}`, customers),
        settleAll(`other-${round}`, customers.toReversed()),
      ]);
    const rows = await database.kysely.selectFrom('customer_memory').selectAll().execute();
    for (const { value } of rows) expect(Object.keys(JSON.parse(value))).toHaveLength(2 * ROUNDS);
    expect(rows).toHaveLength(customers.length);
  });
});
