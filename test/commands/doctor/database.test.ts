import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDatabase } from '../../../server/commands/doctor/check-database.ts';
import { checkKeys } from '../../../server/commands/doctor/check-keys.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createStores } from '../../../server/store/create-stores.ts';
import { migrate } from '../../../server/store/migrate.ts';
import type { CommandDatabase } from '../../../server/commands/engine-commands.ts';
import { openBesideApp } from '../../../server/commands/open-beside-app.ts';
import { createTestFolder, engines, openDatabase } from '../../support/store/engines.ts';
import { createTestDatabase } from '../../support/store/postgres-databases.ts';
import { features } from '../../../server/features.ts';
import { installationOwner } from '../../../server/store/secrets/secrets.ts';

const key = (id: string, fill: number) => ({ id, key: Buffer.alloc(32, fill) });

describe.each(engines)('beside a running app, on %s, the doctor', (engine) => {
  let place: { databaseUrl?: string; dataDir: string; remove: () => Promise<void> };
  let database: Database;
  let reader: CommandDatabase;
  beforeEach(async () => {
    place = engine === 'sqlite' ? await createTestFolder() : await createTestDatabase();
    database = await openDatabase(place);
    reader = await openBesideApp(place, 'read');
  });
  afterEach(async () => {
    await reader.close();
    await database.close();
    await place.remove();
  });

  /** An account whose token is encrypted with the first key. */
  async function store(keys: { id: string; key: Buffer }[], name: string): Promise<void> {
    const stores = createStores({ database, keys, now: Date.now });
    await stores.installations.create(name.toLowerCase(), name);
    await stores.secrets.put(installationOwner(name.toLowerCase()), 'access_token', 'a-token');
  }

  it('cannot write', async () => {
    await migrate(database, features);
    const write = reader.kysely.deleteFrom('installations').execute();
    await expect(write).rejects.toThrow(/read-?only/);
  });

  it('tells whether the migrations have run', async () => {
    expect((await checkDatabase(reader, engine)).finding.text).toMatch(
      /0001-initial, .*connections\/0001-initial/,
    );
    await migrate(database, features);
    expect((await checkDatabase(reader, engine)).finding.status).toBe('ok');
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', 'x')`.execute(
      database.kysely,
    );
    const { usable, finding } = await checkDatabase(reader, engine);
    expect(usable).toBe(false);
    expect(finding.status).toBe('problem');
    expect(finding.text).toContain('9999-later');
  });

  it('names a key that is lost, and who is affected', async () => {
    await migrate(database, features);
    await store([key('k1', 1)], 'Acme');
    await store([key('k2', 2)], 'Globex');
    expect(await checkKeys(reader, [key('k2', 2)])).toEqual([
      expect.objectContaining({
        status: 'problem',
        text: expect.stringMatching(/“k1” is not in ENCRYPTION_KEYS.*“Acme”/),
      }),
    ]);
  });

  it('sees a key that was exchanged under its id', async () => {
    await migrate(database, features);
    await store([key('k1', 1)], 'Acme');
    const [finding] = await checkKeys(reader, [key('k1', 9)]);
    expect(finding?.status).toBe('problem');
    expect(finding?.text).toMatch(/is another one.*“Acme”/);
  });

  it('says which keys can go, and which only after a rotation', async () => {
    await migrate(database, features);
    await store([key('k1', 1)], 'Acme');
    const keys = [key('k2', 2), key('k1', 1), key('k0', 0)];
    const findings = await checkKeys(reader, keys);
    expect(findings.map(({ status }) => status)).toEqual(['ok', 'advice', 'advice']);
    expect(findings[1]?.fix).toContain('npm run rotate-keys');
    expect(findings[2]?.text).toContain('“k0” is no longer used');
  });

  it('is content with the keys of an empty database', async () => {
    await migrate(database, features);
    expect(await checkKeys(reader, [key('k1', 1)])).toHaveLength(1);
  });
});
