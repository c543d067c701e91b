import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { randomUUID } from 'node:crypto';
import { CHECK_TOKEN, doubtToken } from '../../../server/features/revocation/doubt.ts';
import { createEventStore } from '../../../server/inbox/events.ts';
import { createObserve } from '../../../server/observe.ts';
import type { StoredEvent } from '../../../server/store/schema.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { createClock } from '../../support/clock.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';

describe.each(engines)('the job that checks a token, on %s,', (engine) => {
  const clock = createClock();
  const wake = vi.fn();
  let database: Database;
  let id: string;
  let events: ReturnType<typeof createEventStore>;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    events = createEventStore({ database, observe: createObserve(), now: clock.now });
  });
  beforeEach(async () => {
    wake.mockClear();
    await database.kysely.deleteFrom('events').execute();
    id = randomUUID();
    await createInstallationStore({ database, now: clock.now }).create(id, 'Acme');
  });
  afterAll(() => database.close());

  const doubt = (installationId = id, isReported = false) =>
    doubtToken({ database, wake, now: clock.now }, installationId, { isReported });
  const claim = () => events.claim({ owner: 'us', leaseMs: 15_000, limit: 1 });
  const settle = (all: readonly StoredEvent[], state: 'done' | 'ignored' | 'failed' | 'waiting') =>
    events.settle(all.map((event) => ({ event, state, note: null, runAt: clock.now() + 60_000 })));
  const read = () => database.kysely.selectFrom('events').selectAll().execute();

  it.each(['done', 'ignored', 'failed'] as const)('is armed again once it is %s', async (state) => {
    await doubt();
    await settle(await claim(), state);
    await doubt();
    expect(await claim()).toMatchObject([{ event_id: CHECK_TOKEN, attempts: 1 }]);
    expect(wake).toHaveBeenCalledTimes(2);
  });

  it('stays as it is while it waits or runs', async () => {
    await doubt();
    const claimed = await claim();
    await doubt();
    expect(await read()).toMatchObject([{ state: 'working', attempts: 1 }]);
    await settle(claimed, 'waiting');
    await doubt();
    expect(await read()).toMatchObject([{ attempts: 1, run_at: clock.now() + 60_000 }]);
    expect(await claim()).toEqual([]);
  });

  it('is remembered as reported once it was, whatever else is doubted', async () => {
    const all = database.kysely.selectFrom('token_checks').selectAll();
    const checks = () => all.where('installation_id', '=', id).execute();
    await doubt();
    await doubt(id, true);
    const reported = await checks();
    expect(reported).toMatchObject([{ installation_id: id, reported_at: clock.now() }]);
    clock.advance(1_000);
    await doubt();
    await doubt(id, true);
    expect(await checks()).toEqual(reported);
  });

  it('is not needed for an installation that was removed meanwhile', async () => {
    await doubt(randomUUID(), true);
    expect(await read()).toEqual([]);
    expect(wake).not.toHaveBeenCalled();
  });
});
