import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runAgain } from '../../../server/features/events/run-again.ts';
import { ATTEMPTS_ALLOWED } from '../../../server/inbox/retry.ts';
import { createEventLog } from '../../../server/features/events/event-log.ts';
import { engines } from '../../support/store/engines.ts';
import { useEvents } from '../../inbox/support/use-events.ts';

describe.each(engines)('an event on %s', (engine) => {
  const on = useEvents(engine);
  const { clock, message, claim, idsOf, settle } = on;
  const core = () => ({ database: on.database, now: clock.now });

  it('can be replayed when it failed, with a new round of attempts', async () => {
    await on.store.insert([message('1')]);
    await settle(await claim(), 'failed');
    expect(await runAgain(core(), on.installationId, '1')).toBe(true);
    expect(await runAgain(core(), on.installationId, '1')).toBe(false);
    expect(await claim()).toMatchObject([
      { event_id: '1', attempts: 2, attempts_allowed: 1 + ATTEMPTS_ALLOWED, settled_at: null },
    ]);
  });

  it.each(['done', 'ignored', 'waiting'] as const)(
    'cannot be replayed when it is %s',
    async (state) => {
      await on.store.insert([message('1')]);
      const events = await claim();
      expect(await runAgain(core(), on.installationId, '1')).toBe(false);
      await settle(events, state);
      expect(await runAgain(core(), on.installationId, '1')).toBe(false);
    },
  );

  it('cannot be replayed by another installation, nor without its payload', async () => {
    await on.store.insert([message('1')]);
    await settle(await claim(), 'failed');
    expect(await runAgain(core(), randomUUID(), '1')).toBe(false);
    expect(await runAgain(core(), on.installationId, 'unknown')).toBe(false);
    await on.database.kysely.updateTable('events').set({ payload: null }).execute();
    expect(await runAgain(core(), on.installationId, '1')).toBe(false);
  });

  it('waits, when it is replayed, while a later one of the conversation is handled', async () => {
    await on.store.insert([message('1'), message('2'), message('3')]);
    await settle(await claim(), 'failed');
    const second = await claim();
    await runAgain(core(), on.installationId, '1');
    expect(await claim()).toEqual([]);
    await settle(second, 'done');
    expect(idsOf(await claim())).toEqual(['1']);
  });

  it('is counted while it has failed', async () => {
    await on.store.insert(['1', '2', '3', '4'].map((id) => message(id, id)));
    const [one, two, three] = await claim();
    if (!one || !two || !three) throw new Error('Too few were claimed');
    await settle([one, two], 'failed');
    await settle([three], 'done');
    const log = createEventLog(on);
    expect(await log.countFailed(on.installationId)).toBe(2);
    expect(await log.countFailed(randomUUID())).toBe(0);
  });
});
