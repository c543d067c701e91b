import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findKeyProblems } from '../../../server/commands/doctor/key-use.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createStores } from '../../../server/store/create-stores.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { installationOwner } from '../../../server/store/secrets/secrets.ts';

const k1 = { id: 'k1', key: randomBytes(32) };
const k2 = { id: 'k2', key: randomBytes(32) };

describe.each(engines)('looking for lost keys on %s', (engine) => {
  let database: Database;
  beforeEach(async () => {
    database = await openTestDatabase(engine);
  });
  afterEach(() => database.close());

  const storesUnder = (...keys: (typeof k1)[]) => createStores({ database, keys, now: Date.now });

  it('finds nothing when every key is there', async () => {
    await storesUnder(k1).secrets.put('somebody', 'token', 'value');
    await storesUnder(k2).secrets.put('somebody else', 'token', 'value');

    expect(await findKeyProblems({ database, ...storesUnder(k2, k1) })).toEqual([]);
  });

  it('names the key that is missing and whose secrets it takes along', async () => {
    const { installations, secrets } = storesUnder(k1);
    await installations.create('acme', 'Acme Outdoor');
    await secrets.put(installationOwner('acme'), 'secret', 'value');
    await secrets.put(installationOwner('acme'), 'another', 'value');
    await secrets.put('somebody', 'token', 'value');
    await storesUnder(k2).secrets.put('somebody else', 'token', 'value');

    const problems = await findKeyProblems({ database, ...storesUnder(k2) });

    expect(problems).toEqual([
      {
        keyId: 'k1',
        secrets: 3,
        owners: ['the account “Acme Outdoor” (installation acme)', 'somebody'],
        reason: expect.stringContaining('needs the encryption key "k1"'),
      },
    ]);
  });

  it.each([
    ['the old', [0, 1]],
    ['the new', [1, 0]],
  ])(
    'notices other bytes under the same id, when only %s secret has them',
    async (_which, order) => {
      const impostor = { id: 'k1', key: randomBytes(32) };
      for (const [time, index] of order.entries()) {
        const keys = [index === 0 ? impostor : k1];
        const { secrets } = createStores({ database, keys, now: () => time });
        await secrets.put(`somebody ${time}`, 'token', 'value');
      }

      expect(await findKeyProblems({ database, ...storesUnder(k1) })).toEqual([
        expect.objectContaining({
          keyId: 'k1',
          secrets: 2,
          reason: expect.stringContaining('the key is not the one that encrypted it'),
        }),
      ]);
    },
  );

  it('names ten owners at most', async () => {
    const { installations, secrets } = storesUnder(k1);
    for (let n = 0; n < 12; n++) {
      await installations.create(`id-${n}`, 'Acme');
      await secrets.put(installationOwner(`id-${n}`), 'token', 'value');
    }

    const [problem] = await findKeyProblems({ database, ...storesUnder(k2) });

    expect(problem?.secrets).toBe(12);
    expect(problem?.owners).toHaveLength(10);
  });
});
