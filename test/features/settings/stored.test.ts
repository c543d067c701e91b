import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { findKeyProblems } from '../../../server/commands/doctor/key-use.ts';
import { rotateSecrets } from '../../../server/commands/rotate-keys/rotate-secrets.ts';
import { settings } from '../../../server/features/settings/index.ts';
import { putSetting, readSettings } from '../../../server/features/settings/store.ts';
import { createObserve } from '../../../server/observe.ts';
import { createStores } from '../../../server/store/create-stores.ts';
import { createVault, type EncryptionKey } from '../../../server/store/secrets/vault.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { readWholeDatabase } from '../../support/store/read-whole-database.ts';
import { DEFAULTS, SCHEMA } from './support/open-settings.ts';

const newKey = (id: string): EncryptionKey => ({ id, key: randomBytes(32) });

describe.each(engines)('what was set on %s', (engine) => {
  let database: Awaited<ReturnType<typeof openTestDatabase>> | undefined;
  afterEach(() => database?.close());

  async function open() {
    const opened = await openTestDatabase(engine);
    database = opened;
    const lost = newKey('lost');
    const openWith = (...keys: EncryptionKey[]) => ({
      database: opened,
      observe: createObserve(),
      now: Date.now,
      ...createStores({ database: opened, keys, now: Date.now }),
    });
    const deps = openWith(lost);
    await deps.installations.create('acme', 'Acme Outdoor');
    return { deps, lost, openWith };
  }

  it('under another version of the bot falls back to the defaults of this one', async () => {
    const { deps } = await open();
    const stored = { greeting: 7, retries: 99, tone: 'rude', isOpen: 'yes', gone: 'x', rate: 'x' };
    for (const [name, value] of Object.entries(stored))
      await putSetting(deps, 'acme', name, { value });
    await putSetting(deps, 'acme', 'instructions', { value: 'x'.repeat(301) });
    expect(await readSettings(deps, SCHEMA, 'acme')).toEqual({
      ...DEFAULTS,
      rate: undefined,
      apiKey: undefined,
    });
  });

  it('was no secret, and is one now, is not taken for it; and the other way round', async () => {
    const { deps } = await open();
    await putSetting(deps, 'acme', 'apiKey', { value: 'once in clear' });
    await putSetting(deps, 'acme', 'greeting', { secret: 'once a secret' });
    expect(await readSettings(deps, SCHEMA, 'acme')).toMatchObject({
      greeting: 'Hello!',
      apiKey: undefined,
    });
    await putSetting(deps, 'acme', 'apiKey', { secret: 'a secret now' });
    await putSetting(deps, 'acme', 'greeting', { value: 'in clear now' });
    expect(await readSettings(deps, SCHEMA, 'acme')).toMatchObject({
      greeting: 'in clear now',
      apiKey: 'a secret now',
    });
    const all = JSON.stringify(await readWholeDatabase(deps.database));
    for (const gone of ['once in clear', 'a secret now']) expect(all).not.toContain(gone);
    expect(await deps.secrets.getAll('setting:acme/greeting')).toEqual({});
  });

  it('is named to the operator when its key is lost, and encrypted anew when keys are rotated', async () => {
    const { deps, lost, openWith } = await open();
    await putSetting(deps, 'acme', 'apiKey', { secret: 'a-very-secret-key' });
    const other = newKey('other');
    const { secretOwners = [] } = settings;
    expect(await findKeyProblems({ ...openWith(other), secretOwners })).toEqual([
      expect.objectContaining({
        owners: ['the setting “apiKey” of the account “Acme Outdoor” (installation acme)'],
      }),
    ]);
    expect(await readSettings(openWith(other), SCHEMA, 'acme')).toMatchObject({
      apiKey: undefined,
    });
    const vault = createVault([other, lost]);
    expect(
      await rotateSecrets(deps.database, { vault, secretOwners, onProgress: () => {} }),
    ).toMatchObject({ rotated: 1, unreadable: [] });
    expect(await readSettings(openWith(other), SCHEMA, 'acme')).toMatchObject({
      apiKey: 'a-very-secret-key',
    });
  });

  it('goes with the installation, secrets included', async () => {
    const { deps } = await open();
    await putSetting(deps, 'acme', 'greeting', { value: 'a private greeting' });
    await putSetting(deps, 'acme', 'apiKey', { secret: 'a-very-secret-key' });
    await deps.installations.remove('acme', { kind: 'removed', text: 'Removed' });
    const { kysely } = deps.database;
    expect(await kysely.selectFrom('settings').selectAll().execute()).toEqual([]);
    expect(await kysely.selectFrom('secrets').selectAll().execute()).toEqual([]);
  });
});
