import { describe, expect, it } from 'vitest';
import { engines } from '../../support/store/engines.ts';
import { useEvents } from '../support/use-events.ts';

describe.each(engines)('what becomes of an event on %s', (engine) => {
  const on = useEvents(engine);
  const { clock, message, claim, idsOf, settle } = on;
  const read = (eventId: string) =>
    on.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('event_id', '=', eventId)
      .executeTakeFirst();

  it('is recorded together with the conversation, and observers are told of it', async () => {
    await on.store.insert([message('1')]);
    const [event] = await claim();
    if (event === undefined) throw new Error('Nothing was claimed');
    await on.store.settle([
      {
        event,
        state: 'done',
        note: 'Answered.',
        activity: { kind: 'message', text: 'Answered.' },
        conversation: { conversation_id: 'a', user_id: 'u', controller: 'us', last_event_at: 7 },
      },
    ]);
    expect(await read('1')).toMatchObject({
      state: 'done',
      note: 'Answered.',
      lease_owner: null,
      lease_until: null,
      settled_at: clock.now(),
    });
    expect(on.settled).toHaveBeenCalledExactlyOnceWith(
      [expect.objectContaining({ activity: { kind: 'message', text: 'Answered.' } })],
      clock.now(),
    );
    const { kysely } = on.database;
    expect(await kysely.selectFrom('conversations').selectAll().execute()).toMatchObject([
      { installation_id: on.installationId, conversation_id: 'a', controller: 'us' },
    ]);
  });

  it('may quote U+0000, of which a substitute is kept', async () => {
    await on.store.insert([message('1')]);
    await on.store.settle(
      (await claim()).map((event) => ({ event, state: 'done', note: 'a\u0000b' })),
    );
    expect((await read('1'))?.note).toBe('a\uFFFDb');
  });

  it('that waits for another attempt holds back its conversation and no other', async () => {
    await on.store.insert([message('1', 'a'), message('2', 'a'), message('3', 'b')]);
    const [first] = await claim();
    await settle(first === undefined ? [] : [first], 'waiting', clock.now() + 1_000);
    await on.store.insert([message('4', 'c')]);
    expect(idsOf(await claim())).toEqual(['4']);
    clock.advance(1_000);
    expect(idsOf(await claim())).toEqual(['1']);
  });

  it.each(['failed', 'ignored', 'done'] as const)(
    'that is %s lets the next of its conversation go on',
    async (state) => {
      await on.store.insert([message('1'), message('2')]);
      await settle(await claim(), state);
      expect(idsOf(await claim())).toEqual(['2']);
    },
  );
});
