import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { createTraceStore, type TraceStore } from '../../../server/features/timeline/traces.ts';
import { createClock } from '../../support/clock.ts';
import { countTurns } from '../../support/count-turns.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';

describe.each(engines)('traces on %s', (engine) => {
  const clock = createClock();
  let database: Database;
  let traces: TraceStore;
  let id: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    traces = createTraceStore({ database, now: clock.now });
  });
  beforeEach(async () => {
    id = await createInstallation();
  });
  afterAll(() => database.close());

  async function createInstallation(): Promise<string> {
    const installationId = randomUUID();
    const installations = createInstallationStore({ database, now: clock.now });
    await installations.create(installationId, 'Acme');
    return installationId;
  }
  const add = (title: string, installationId = id) =>
    traces.add({ installationId, kind: 'form', title, steps: [] });
  const titles = async (installationId = id) =>
    (await traces.list(installationId, { limit: 1_000 })).map(({ title }) => title);

  it('come back as they were, whatever customers wrote', async () => {
    const text = 'a\u0000b \ud83d 🎉 {account}';
    const steps = [{ key: 'token-kept', at: 7, values: { account: text }, call: null }];
    await traces.add({ installationId: id, kind: 'install', title: 'Installed', steps });
    expect(await traces.list(id, { limit: 5 })).toEqual([
      { id: expect.any(Number), kind: 'install', title: 'Installed', steps, at: clock.now() },
    ]);
  });

  it('may quote U+0000 and half a character in their title', async () => {
    await add('a\u0000b\ud83d');
    expect(await titles()).toEqual(['a\uFFFDb\uFFFD']);
  });

  it('are listed newest first, in pages, for one installation', async () => {
    await add('elsewhere', await createInstallation());
    for (const title of ['1', '2', '3', '4']) await add(title);
    const page = await traces.list(id, { limit: 2 });
    expect(page.map(({ title }) => title)).toEqual(['4', '3']);
    const next = await traces.list(id, { limit: 5, before: page.at(-1)?.id });
    expect(next.map(({ title }) => title)).toEqual(['2', '1']);
  });

  it('have no steps when another version wrote them in another shape', async () => {
    await add('odd');
    await database.kysely.updateTable('traces').set({ steps: '[{"what":1}]' }).execute();
    expect(await traces.list(id, { limit: 1 })).toMatchObject([{ title: 'odd', steps: [] }]);
  });

  it('are deleted when they are too old', async () => {
    await add('old');
    clock.advance(1_000);
    await add('young');
    await traces.deleteOlderThan(999);
    expect(await titles()).toEqual(['young']);
  });

  it('are deleted when they are old while others have their turn', async () => {
    const old = { installation_id: id, event_id: null, title: 'old', steps: '[]', at: 0 };
    const rows = Array.from({ length: 2_001 }, () => ({ ...old, kind: 'form' as const }));
    await database.kysely.insertInto('traces').values(rows).execute();
    expect(await countTurns(() => traces.deleteOlderThan(clock.now() - 1))).toBeGreaterThan(3);
    expect(await titles()).toEqual([]);
  });

  it('are deleted behind the newest ones of each installation, however many there are', async () => {
    const other = await createInstallation();
    const rows = Array.from({ length: 1_203 }, (_, n) => ({
      installation_id: id,
      event_id: null,
      kind: 'form' as const,
      title: String(n),
      steps: '[]',
      at: clock.now(),
    }));
    await database.kysely.insertInto('traces').values(rows).execute();
    await add('alone', other);
    await traces.deleteAllButNewest(3);
    expect(await titles()).toEqual(['1202', '1201', '1200']);
    expect(await titles(other)).toEqual(['alone']);
  });

  it('cannot be added to an installation or an event that is gone', async () => {
    await expect(add('late', randomUUID())).rejects.toThrow(/foreign key/i);
    const late = {
      installationId: id,
      eventId: 'gone',
      kind: 'event',
      title: '',
      steps: [],
    } as const;
    await expect(traces.add(late)).rejects.toThrow(/foreign key/i);
  });
});
