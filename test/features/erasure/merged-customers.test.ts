import { merge } from '../../../server/features/erasure/customers.ts';
import { findSurvivor } from '../../../server/features/erasure/merges.ts';
import { describe, expect, it } from 'vitest';
import { engines } from '../../support/store/engines.ts';
import { useCustomers } from './support/open-customers.ts';

describe.each(engines)('what is stored of customers on %s', (engine) => {
  const on = useCustomers(engine);
  const { remove, fill, insertMessage, readEvents } = on;
  const unify = (kind: 'user' | 'conversation', discardedId: string, survivingId: string) =>
    merge(on.customers.deps, on.id, { kind, discardedId, survivingId });

  describe('when Zendesk merges two customers,', () => {
    it('belongs to the survivor, and goes when that one is deleted', async () => {
      await fill('of-a', 'a');
      await fill('of-b', 'b');
      await unify('user', 'a', 'b');
      expect(await on.stores.conversations.find(on.id, 'of-a')).toMatchObject({ user_id: 'b' });

      expect((await remove('b')).toSorted()).toEqual(['of-a', 'of-b']);

      const left = await on.customers.readAbout(on.id);
      for (const gone of ['of-a', 'of-b', '"a"', '"b"']) expect(left).not.toContain(gone);
    });

    it('moves from the discarded conversation to the surviving one, in order', async () => {
      await fill('old', 'a');
      await fill('new', 'b');
      await insertMessage('old', { text: 'last' }, 'waiting');
      await unify('conversation', 'old', 'new');

      expect(await on.stores.conversations.find(on.id, 'old')).toBeUndefined();
      expect(await findSurvivor(on.customers.database.kysely, on.id, 'conversation', 'old')).toBe(
        'new',
      );
      const events = await readEvents();
      expect(events).toHaveLength(3);
      expect(new Set(events.map((row) => row.conversation_key))).toEqual(new Set([`${on.id}/new`]));
    });

    it('moves also where nothing was known of the surviving conversation', async () => {
      await fill('old', 'a');
      await unify('conversation', 'old', 'new');
      expect(await on.stores.conversations.find(on.id, 'new')).toMatchObject({ user_id: 'a' });
    });

    it('counts as last heard of when either of the two conversations was', async () => {
      await fill('old', 'a');
      await fill('new', 'b');
      const { kysely } = on.customers.database;
      const old = kysely.updateTable('conversations').set({ last_event_at: 9 });
      await old.where('conversation_id', '=', 'old').execute();
      await unify('conversation', 'old', 'new');
      expect(await on.stores.conversations.find(on.id, 'new')).toMatchObject({ last_event_at: 9 });
      await fill('older', 'b');
      await unify('conversation', 'older', 'new');
      expect(await on.stores.conversations.find(on.id, 'new')).toMatchObject({ last_event_at: 9 });
    });

    it('leaves what is under way in its place, and finds it all the same', async () => {
      await insertMessage('old', { author: { userId: 'a' } }, 'working');
      await insertMessage('new', { author: { userId: 'b' } }, 'working');
      await unify('conversation', 'old', 'new');
      await unify('user', 'a', 'b');
      expect((await remove('b')).toSorted()).toEqual(['new', 'old']);
      expect((await readEvents()).filter(({ payload }) => payload !== null)).toEqual([]);
    });

    it('goes at once when the survivor was deleted before the merge was heard of', async () => {
      await fill('of-a', 'a');
      await fill('of-b', 'b');
      await remove('b');
      await unify('conversation', 'of-a', 'of-b');
      await unify('user', 'a', 'b');
      const left = await on.customers.readAbout(on.id);
      for (const gone of ['of-a', '"a"']) expect(left).not.toContain(gone);
    });

    it('is not kept back by a merge that came in twice, or of people never heard of', async () => {
      await fill('of-a', 'a');
      await unify('user', 'a', 'b');
      await unify('user', 'a', 'b');
      await unify('user', 'x', 'y');
      await unify('user', 'b', 'c');
      expect(await remove('c')).toEqual(['of-a']);
    });
  });
});
