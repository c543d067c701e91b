import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findKeyProblems } from '../../../server/commands/doctor/key-use.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createStores } from '../../../server/store/create-stores.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { installationOwner } from '../../../server/store/secrets/secrets.ts';
import { createVault } from '../../../server/store/secrets/vault.ts';

const k1 = { id: 'k1', key: randomBytes(32) };
const k2 = { id: 'k2', key: randomBytes(32) };

describe.each(engines)('looking for lost keys on %s', (engine) => {
  let database: Database;
  beforeEach(async () => {
    database = await openTestDatabase(engine);
  });
  afterEach(() => database.close());

  const storesUnder = (...keys: (typeof k1)[]) => createStores({ database, keys, now: Date.now });
  const findUnder = (...keys: (typeof k1)[]) =>
    findKeyProblems({ database, secretOwners: [], ...storesUnder(...keys) });

  /** A secret of a feature that was deleted since. */
  async function leaveSecret(key: typeof k1, owner: string, updated_at = 0): Promise<void> {
    const secret = createVault([key]).encrypt(owner, 'token', 'value');
    await database.kysely
      .insertInto('secrets')
      .values({ ...secret, updated_at })
      .execute();
  }

  it('finds nothing when every key is there', async () => {
    await leaveSecret(k1, 'somebody');
    await leaveSecret(k2, 'somebody else');

    expect(await findUnder(k2, k1)).toEqual([]);
  });

  it('names the key that is missing and whose secrets it takes along', async () => {
    const { installations, secrets } = storesUnder(k1);
    await installations.create('acme', 'Acme Outdoor');
    await secrets.put(installationOwner('acme'), 'secret', 'value');
    await secrets.put(installationOwner('acme'), 'another', 'value');
    await leaveSecret(k1, 'somebody');
    await leaveSecret(k2, 'somebody else');

    const problems = await findUnder(k2);

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
        await leaveSecret(index === 0 ? impostor : k1, `somebody ${time}`, time);
      }

      expect(await findUnder(k1)).toEqual([
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

    const [problem] = await findUnder(k2);

    expect(problem?.secrets).toBe(12);
    expect(problem?.owners).toHaveLength(10);
  });
});
