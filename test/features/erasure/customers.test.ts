import { removeConversation, removeUser } from '../../../server/features/erasure/customers.ts';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createStores } from '../../../server/store/create-stores.ts';
import { engines } from '../../support/store/engines.ts';
import { insertEvent, newEventRow } from '../../support/store/insert-event.ts';
import { useCustomers } from './support/open-customers.ts';
import { findRemoved } from '../../../server/features/erasure/removals.ts';
import { createInsertEvents } from '../../../server/inbox/receive/insert-events.ts';

describe.each(engines)('what is stored of a customer on %s', (engine) => {
  const on = useCustomers(engine);
  const { remove, fill, insertMessage, readEvents } = on;

  describe('goes when Zendesk deleted the customer:', () => {
    it('conversations and what was said; and nobody else’s', async () => {
      const elsewhere = await on.customers.createInstallation();
      await fill('first', 'jane');
      await fill('second', 'jane');
      await fill('theirs', 'john');
      await on.customers.fill(elsewhere, 'first', 'jane');

      expect((await remove('jane')).toSorted()).toEqual(['first', 'second']);

      const left = await on.customers.readAbout(on.id);
      for (const gone of ['jane', 'first', 'second']) expect(left).not.toContain(gone);
      expect(left).toContain('words in theirs');
      expect(await on.customers.readAbout(elsewhere)).toContain('words in first');
    });

    it('the ids of events stay, so that a late duplicate is known, and nothing that leads to anybody', async () => {
      const event = await insertMessage('theirs', { author: { userId: 'jane' } }, 'failed');

      await remove('jane');

      const [row] = await readEvents();
      expect(row).toMatchObject({
        event_id: event.event_id,
        state: 'ignored',
        payload: null,
        conversation_key: `${on.id}/${event.event_id}`,
      });
      expect(row?.settled_at).not.toBeNull();
    });

    it.each(['waiting', 'working', 'failed'] as const)(
      'also a message that is %s, which nothing but its payload names',
      async (state) => {
        await insertMessage('lost', { author: { type: 'user', userId: 'jane' } }, state);
        await insertMessage('lost', { author: { type: 'business' }, text: 'You said: my secret' });
        await insertMessage('other', { author: { type: 'user', user: { id: 'john' } } }, state);

        expect(await remove('jane')).toEqual(['lost']);

        expect(await on.customers.readAbout(on.id)).not.toContain('my secret');
        const kept = (await readEvents()).filter(({ payload }) => payload !== null);
        expect(kept.map(({ conversation_key: key }) => key)).toEqual([`${on.id}/other`]);
      },
    );

    it('but no word, metadata, or id that only looks alike is taken for the customer', async () => {
      await insertMessage('says', { text: 'user and "userId":"user"' }, 'failed');
      await insertMessage('carries', { metadata: { orderedBy: 'user' } }, 'failed');
      await insertMessage('case', { user: { id: 'USER' } }, 'failed');
      await insertMessage('pattern', { user: { id: 'us_r' } }, 'failed');

      expect(await remove('user')).toEqual([]);
      expect(await remove('us%')).toEqual([]);
      const kept = (await readEvents()).filter(({ payload }) => payload !== null);
      expect(kept).toHaveLength(4);
    });

    it('but not the event that asks for it, or another one that waits to be heard', async () => {
      for (const type of ['user:remove', 'user:merge', 'conversation:remove']) {
        const payload = JSON.stringify({ payload: { user: { id: 'jane' } } });
        await insertEvent(on.customers.database, { installation_id: on.id, type, payload });
      }

      expect(await remove('jane')).toEqual([]);
      expect((await readEvents()).filter(({ payload }) => payload !== null)).toHaveLength(3);
    });

    it('however much there is', async () => {
      const rows = Array.from({ length: 1_200 }, (_, index) =>
        newEventRow({
          installation_id: on.id,
          event_id: randomUUID(),
          conversation_key: `${on.id}/${index % 2 === 0 ? 'theirs' : 'other'}`,
          payload: JSON.stringify(index === 800 ? { user: { id: 'jane' } } : {}),
          state: index === 800 ? ('waiting' as const) : ('ignored' as const),
          settled_at: 0,
        }),
      );
      await createInsertEvents(on.customers.database)(rows);

      expect(await remove('jane')).toEqual(['theirs']);
      const kept = (await readEvents()).filter(({ payload }) => payload !== null);
      expect(new Set(kept.map(({ conversation_key: key }) => key))).toEqual(
        new Set([`${on.id}/other`]),
      );
      expect(kept).toHaveLength(600);
    });

    it('and is remembered as a hash that says nothing, here and where a restore does not reach', async () => {
      on.customers.written.length = 0;
      await fill('theirs', 'jane');
      await remove('jane');

      expect(on.customers.written).toHaveLength(2);
      const removals = await on.customers.database.kysely
        .selectFrom('removals')
        .select('hash')
        .execute();
      expect(removals.map(({ hash }) => hash)).toEqual(
        expect.arrayContaining(on.customers.written),
      );
      for (const hash of on.customers.written) expect(hash).toMatch(/^removed_[\w-]{43}$/);
      const candidates = [
        { kind: 'user', id: 'jane' },
        { kind: 'user', id: 'john' },
        { kind: 'conversation', id: 'theirs' },
        { kind: 'conversation', id: 'jane' },
      ] as const;
      expect(await findRemoved(on.customers.deps, on.id, candidates)).toEqual([
        candidates[0],
        candidates[2],
      ]);
      expect(await findRemoved(on.customers.deps, randomUUID(), candidates)).toEqual([]);
      expect(await on.stores.installations.find(on.id)).toMatchObject({
        last_removal_at: expect.any(Number),
      });
    });

    it('and is still known after the encryption key was changed', async () => {
      const [older, newer] = [1, 2].map((n) => ({ id: `k${n}`, key: Buffer.alloc(32, n) }));
      if (older === undefined || newer === undefined) throw new Error('There are two keys');
      const before = createStores({
        database: on.customers.database,
        keys: [older],
        now: Date.now,
      });
      await removeUser({ ...on.customers.deps, ...before }, on.id, 'jane');
      const after = createStores({
        database: on.customers.database,
        keys: [newer, older],
        now: Date.now,
      });
      const jane = { kind: 'user', id: 'jane' } as const;
      expect(await findRemoved({ ...on.customers.deps, ...after }, on.id, [jane])).toEqual([jane]);
    });
  });

  it('goes with a conversation that Zendesk deleted, and the customer’s other ones stay', async () => {
    await fill('first', 'jane');
    await fill('second', 'jane');

    await removeConversation(on.customers.deps, on.id, 'first');

    const left = await on.customers.readAbout(on.id);
    expect(left).not.toContain('first');
    expect(left).toContain('words in second');
  });
});
