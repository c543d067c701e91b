import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { installationOwner, createSecretStore } from '../../../server/store/secrets/secrets.ts';
import { createVault } from '../../../server/store/secrets/vault.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';

describe.each(engines)('the secret store on %s', (engine) => {
  const vault = createVault([{ id: 'k1', key: randomBytes(32) }]);
  let database: Database;
  let secrets: ReturnType<typeof createSecretStore>;
  let owner: string;
  let another: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    secrets = createSecretStore({ database, vault, now: Date.now });
  });
  beforeEach(async () => {
    owner = await createOwner();
    another = await createOwner();
  });
  afterAll(() => database.close());

  it('gives back what was put, and the latest of two', async () => {
    await secrets.put(owner, 'access_token', 'first');
    await secrets.put(owner, 'access_token', 'second');

    expect(await secrets.get(owner, 'access_token')).toBe('second');
  });

  it('has nothing under an unknown owner or field', async () => {
    await secrets.put(owner, 'access_token', 'token');

    expect(await secrets.get(owner, 'webhook_secret')).toBeUndefined();
    expect(await secrets.get(installationOwner('unknown'), 'access_token')).toBeUndefined();
    expect(await secrets.getAll(installationOwner('unknown'))).toEqual({});
  });

  it('gives all the secrets of one owner, and only those', async () => {
    await secrets.put(owner, 'access_token', 'token');
    await secrets.put(owner, 'webhook_secret', 'secret');
    await secrets.put(another, 'access_token', 'other');

    expect(await secrets.getAll(owner)).toEqual({
      access_token: 'token',
      webhook_secret: 'secret',
    });
  });

  it('removes one field and leaves the others', async () => {
    await secrets.put(owner, 'access_token', 'token');
    await secrets.put(owner, 'webhook_secret', 'secret');

    await secrets.remove(owner, 'access_token');

    expect(await secrets.getAll(owner)).toEqual({ webhook_secret: 'secret' });
  });

  it('writes neither the secret nor its base64 into the row', async () => {
    await secrets.put(owner, 'access_token', 'very-secret-token');

    const row = JSON.stringify(await readRow(owner, 'access_token'));
    expect(row).toContain('"key_id":"k1"');
    expect(row).not.toContain('very-secret-token');
    expect(row).not.toContain(Buffer.from('very-secret-token').toString('base64').slice(0, 20));
  });

  it('refuses a row copied to another owner or another field', async () => {
    const thief = another;
    await secrets.put(owner, 'access_token', 'token');
    const row = await readRow(owner, 'access_token');
    await database.kysely
      .insertInto('secrets')
      .values([
        { ...row, owner: thief },
        { ...row, field: 'webhook_secret' },
      ])
      .execute();

    await expect(secrets.get(thief, 'access_token')).rejects.toThrow('changed or moved');
    await expect(secrets.get(owner, 'webhook_secret')).rejects.toThrow('changed or moved');
  });

  it('refuses a ciphertext that was changed in the database', async () => {
    await secrets.put(owner, 'access_token', 'token');
    const { ciphertext } = await readRow(owner, 'access_token');
    await database.kysely
      .updateTable('secrets')
      .set({
        ciphertext: ciphertext.startsWith('A')
          ? `B${ciphertext.slice(1)}`
          : `A${ciphertext.slice(1)}`,
      })
      .where('owner', '=', owner)
      .execute();

    await expect(secrets.get(owner, 'access_token')).rejects.toThrow('changed or moved');
  });

  it('moves secrets so that they are readable under the new owner alone', async () => {
    await secrets.put(owner, 'access_token', 'new');
    await secrets.put(another, 'access_token', 'old');
    await secrets.put(another, 'webhook_secret', 'kept');

    await secrets.move(owner, another);

    expect(await secrets.getAll(owner)).toEqual({});
    expect(await secrets.getAll(another)).toEqual({ access_token: 'new', webhook_secret: 'kept' });
  });

  it('loses nothing when moved onto itself', async () => {
    await secrets.put(owner, 'access_token', 'token');

    await secrets.move(owner, owner);

    expect(await secrets.getAll(owner)).toEqual({ access_token: 'token' });
  });

  it('moves all or nothing', async () => {
    await secrets.put(owner, 'access_token', 'token');
    await secrets.put(owner, 'broken', 'other');
    await database.kysely
      .updateTable('secrets')
      .set({ ciphertext: 'AAAA' })
      .where('owner', '=', owner)
      .where('field', '=', 'broken')
      .execute();

    await expect(secrets.move(owner, another)).rejects.toThrow('does not decrypt');

    expect(await secrets.get(owner, 'access_token')).toBe('token');
    expect(await secrets.getAll(another)).toEqual({});
  });

  it('keeps no secret for an installation that does not exist (any more)', async () => {
    const installations = createInstallationStore({ database, now: Date.now });
    const { id } = await installations.create(randomUUID(), 'Acme');
    await secrets.put(installationOwner(id), 'access_token', 'token');
    await installations.remove(id, { kind: 'removed', text: 'Removed' });

    await expect(secrets.put(installationOwner(id), 'webhook_secret', 'late')).rejects.toThrow(
      /foreign key/i,
    );
    expect(await secrets.getAll(installationOwner(id))).toEqual({});
  });

  async function createOwner(): Promise<string> {
    const installations = createInstallationStore({ database, now: Date.now });
    return installationOwner((await installations.create(randomUUID(), 'Acme')).id);
  }

  async function readRow(rowOwner: string, field: string) {
    return database.kysely
      .selectFrom('secrets')
      .selectAll()
      .where('owner', '=', rowOwner)
      .where('field', '=', field)
      .executeTakeFirstOrThrow();
  }
});
