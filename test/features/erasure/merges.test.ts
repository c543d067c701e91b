import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { forgetOldMerges } from '../../../server/features/erasure/customers.ts';
import {
  findSurvivor,
  rememberMerge,
  withDiscarded,
} from '../../../server/features/erasure/merges.ts';
import { createClock } from '../../support/clock.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';

const DAY_MS = 24 * 60 * 60_000;

describe.each(engines)('what Zendesk unified, on %s,', (engine) => {
  const clock = createClock();
  let database: Database;
  let id: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  beforeEach(async () => {
    id = randomUUID();
    await createInstallationStore({ database, now: clock.now }).create(id, 'Acme');
  });
  afterAll(() => database.close());

  const merge = (discardedId: string, survivingId: string) => {
    const event = { kind: 'conversation', discardedId, survivingId } as const;
    return rememberMerge(database.kysely, id, event, clock.now());
  };
  const find = (conversationId: string, installationId = id) =>
    findSurvivor(database.kysely, installationId, 'conversation', conversationId);
  const allOf = async (conversationId: string) => {
    const ids = await withDiscarded(database.kysely, id, 'conversation', [conversationId]);
    return ids.toSorted();
  };

  it('leads from a discarded conversation to the one it lives on in', async () => {
    expect(await merge('a', 'b')).toBe('b');
    expect(await find('a')).toBe('b');
    expect(await find('b')).toBeUndefined();
    expect(await find('a', randomUUID())).toBeUndefined();
  });

  it.each([
    ['in order', ['ab', 'bc']],
    ['in the other order', ['bc', 'ab']],
  ])('leads to the end of a chain that arrives %s', async (_name, pairs) => {
    for (const [from = '', to = ''] of pairs) await merge(from, to);
    expect([await find('a'), await find('b'), await find('c')]).toEqual(['c', 'c', undefined]);
    expect(await allOf('c')).toEqual(['a', 'b', 'c']);
  });

  it('is not led in a circle by a merge that arrives twice or turned round', async () => {
    await merge('a', 'b');
    await merge('a', 'b');
    expect(await merge('b', 'a')).toBeUndefined();
    expect([await find('a'), await find('b')]).toEqual(['b', undefined]);
  });

  it('is forgotten after its time, and with the installation', async () => {
    await merge('a', 'b');
    clock.advance(DAY_MS);
    await merge('x', 'y');
    clock.advance(30 * DAY_MS);
    await forgetOldMerges({ database, now: clock.now, parts: [] });
    expect([await find('a'), await find('x')]).toEqual([undefined, 'y']);
    await createInstallationStore({ database, now: clock.now }).remove(id, { kind: 'a', text: '' });
    expect(await find('x')).toBeUndefined();
  });
});
