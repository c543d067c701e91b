import { randomBytes } from 'node:crypto';
import type { KyselyPlugin } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/engines/database.ts';
import { openBesideApp } from '../../server/commands/open-beside-app.ts';
import { listKeyIds } from '../../server/commands/doctor/key-use.ts';
import { rotateSecrets } from '../../server/commands/rotate-keys/rotate-secrets.ts';
import { createSecretStore, installationOwner } from '../../server/store/secrets/secrets.ts';
import { createVault } from '../../server/store/secrets/vault.ts';
import { createInstallationStore } from '../../server/store/tables/installations.ts';
import { engines, openTestDatabase } from '../support/store/engines.ts';

const k1 = { id: 'k1', key: randomBytes(32) };
const k2 = { id: 'k2', key: randomBytes(32) };
const onProgress = () => {};
const OWNER = installationOwner('acme');

describe.each(engines)('encrypting stored secrets again on %s', (engine) => {
  let database: Database & { dataDir: string };
  beforeEach(async () => {
    database = await openTestDatabase(engine);
    await createInstallationStore({ database, now: Date.now }).create('acme', 'Acme');
  });
  afterEach(() => database.close());

  const secretsUnder = (...keys: (typeof k1)[]) =>
    createSecretStore({ database, vault: createVault(keys), now: Date.now });

  it('leaves every secret readable with the newest key alone, however many there are', async () => {
    const names = Array.from({ length: 120 }, (_, n) => `field ${n}`);
    for (const name of names) await secretsUnder(k1).put(OWNER, name, `token of ${name}`);

    const result = await rotateSecrets(database, { vault: createVault([k2, k1]), onProgress });

    expect(result).toEqual({ read: 120, rotated: 120, unreadable: [] });
    expect(await listKeyIds(database)).toEqual([{ keyId: 'k2', secrets: 120 }]);
    for (const name of names)
      expect(await secretsUnder(k2).get(OWNER, name)).toBe(`token of ${name}`);
  });

  it('writes nothing a second time', async () => {
    await secretsUnder(k1).put(OWNER, 'token', 'value');
    const vault = createVault([k2, k1]);
    await rotateSecrets(database, { vault, onProgress });
    const [before] = await database.kysely.selectFrom('secrets').selectAll().execute();

    expect(await rotateSecrets(database, { vault, onProgress })).toMatchObject({ rotated: 0 });

    expect(await database.kysely.selectFrom('secrets').selectAll().execute()).toEqual([before]);
  });

  it.each([
    ['an app that has the new key', k2],
    ['an app that still writes with the old one', k1],
  ])('does not overwrite what %s stores in the same moment', async (_who, appKey) => {
    await secretsUnder(k1).put(OWNER, 'refresh_token', 'old');
    // SQLite has one connection a process, and it is taken at that moment.
    const beside = engine === 'sqlite' ? await openBesideApp(database, 'write') : database;
    const vault = createVault([appKey, k1]);
    const app = createSecretStore({ database: beside, vault, now: Date.now });
    let refreshed = 0;
    const interrupted = {
      kysely: database.kysely.withPlugin(
        afterFirstResult(async () => {
          refreshed += 1;
          await app.put(OWNER, 'refresh_token', 'new');
        }),
      ),
    };

    await rotateSecrets(interrupted, { vault: createVault([k2, k1]), onProgress });

    if (beside !== database) await beside.close();
    expect(refreshed).toBe(1);
    expect(await secretsUnder(k2).get(OWNER, 'refresh_token')).toBe('new');
  });

  it('reports a secret of the newest key that this key does not fit', async () => {
    await secretsUnder({ id: 'k2', key: randomBytes(32) }).put(OWNER, 'token', 'value');

    const { unreadable, rotated } = await rotateSecrets(database, {
      vault: createVault([k2, k1]),
      onProgress,
    });

    expect(rotated).toBe(0);
    expect(unreadable).toEqual([
      {
        owner: 'the account “Acme” (installation acme)',
        field: 'token',
        reason: expect.stringContaining('with the key "k2"'),
      },
    ]);
  });

  it('says how far it is', async () => {
    for (let n = 0; n < 60; n++) await secretsUnder(k1).put(OWNER, `field ${n}`, 'value');
    const steps: object[] = [];

    await rotateSecrets(database, {
      vault: createVault([k2, k1]),
      onProgress: (step) => steps.push(step),
    });

    expect(steps).toEqual([
      { read: 50, rotated: 50 },
      { read: 60, rotated: 60 },
    ]);
  });
});

/** Does something between the reading of the first rows and what is done with them. */
function afterFirstResult(work: () => Promise<void>): KyselyPlugin {
  let done = false;
  return {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (!done) {
        done = true;
        await work();
      }
      return result;
    },
  };
}
