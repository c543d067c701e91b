import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { engines } from '../../support/store/engines.ts';
import { useEvents } from '../support/use-events.ts';

describe.each(engines)('the event store on %s', (engine) => {
  const events = useEvents(engine);
  const { clock, message, claim, idsOf, finish, read } = events;

  describe('inserting', () => {
    it('stores an event once, however often it arrives and whatever became of it', async () => {
      await events.store.insert([message('1'), message('1')]);
      await events.store.insert([message('1', 'a', { payload: '{"changed":true}' })]);
      await finish(await claim());
      await events.store.insert([message('1')]);
      expect(await read('1')).toMatchObject({ state: 'done', payload: '{}' });
      expect(await claim()).toEqual([]);
    });

    it('stores the new ones of a batch that holds known ones', async () => {
      await events.store.insert([message('1')]);
      await events.store.insert([message('2', 'b'), message('1'), message('3', 'c')]);
      expect(idsOf(await claim())).toEqual(['1', '2', '3']);
    });

    it('keeps an event of the same id for another installation', async () => {
      const other = randomUUID();
      const { database } = events;
      await createInstallationStore({ database, now: clock.now }).create(other, 'Bloom');
      await events.store.insert([message('1'), message('1', 'b', { installation_id: other })]);
      expect(await claim()).toHaveLength(2);
    });

    it('settles ignored ones at once', async () => {
      await events.store.insert([message('1', 'a', { state: 'ignored', note: 'Unknown.' })]);
      expect(await read('1')).toMatchObject({ state: 'ignored', settled_at: clock.now() });
      expect(await claim()).toEqual([]);
    });
  });

  describe('claiming', () => {
    it('takes one event per conversation, the oldest first', async () => {
      await events.store.insert([message('1', 'a'), message('2', 'a'), message('3', 'b')]);
      const first = await claim();
      expect(idsOf(first)).toEqual(['1', '3']);
      expect(first[0]).toMatchObject({ state: 'working', attempts: 1, lease_owner: 'us' });
      expect(await claim()).toEqual([]);
      await finish(first);
      expect(idsOf(await claim())).toEqual(['2']);
    });

    it('keeps the order of a batch of many', async () => {
      const ids = Array.from({ length: 50 }, (_, n) => `${n}`);
      await events.store.insert(ids.map((id) => message(id)));
      const handled: string[] = [];
      for (let some = await claim(); some.length > 0; some = await claim()) {
        handled.push(...idsOf(some));
        await finish(some);
      }
      expect(handled).toEqual(ids);
    });

    it('takes no more than asked for', async () => {
      await events.store.insert([message('1', 'a'), message('2', 'b'), message('3', 'c')]);
      expect(idsOf(await claim('us', 2))).toEqual(['1', '2']);
      expect(idsOf(await claim('us', 2))).toEqual(['3']);
    });

    it('at the same time never gives two claimers the same event or conversation', async () => {
      const ids = Array.from({ length: 60 }, (_, n) => `${n}`);
      await events.store.insert(ids.map((id, n) => message(id, `${n % 20}`)));
      const owners = ['one', 'two', 'three', 'four'];
      const claimed = (await Promise.all(owners.map((owner) => claim(owner, 10)))).flat();
      const keys = claimed.map(({ conversation_key }) => conversation_key);
      expect(new Set(idsOf(claimed)).size).toBe(claimed.length);
      expect(new Set(keys).size).toBe(keys.length);
      expect(claimed.length + (await claim('five')).length).toBe(20);
    });
  });

  it('cannot have two events of a conversation handled at once, whoever claims them', async () => {
    await events.store.insert([message('1', 'a'), message('2', 'a'), message('3', 'b')]);
    await claim();
    const work = (eventId: string) =>
      events.database.kysely
        .updateTable('events')
        .set({ state: 'working' })
        .where('event_id', '=', eventId)
        .execute();
    await expect(work('2')).rejects.toThrow(/unique/i);
    expect(await read('2')).toMatchObject({ state: 'waiting' });
  });
});
