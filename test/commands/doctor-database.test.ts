import { once } from 'node:events';
import { createServer } from 'node:net';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDatabase } from '../../server/commands/doctor/check-database.ts';
import { checkDatabaseClock } from '../../server/commands/doctor/check-clock.ts';
import { checkKeys } from '../../server/commands/doctor/check-keys.ts';
import type { Database } from '../../server/store/engines/database.ts';
import { createStores } from '../../server/store/create-stores.ts';
import { migrate } from '../../server/store/migrate.ts';
import { openDatabase } from '../../server/store/engines/open-database.ts';
import { type CommandDatabase, openBesideApp } from '../../server/commands/open-beside-app.ts';
import { createTestDatabase, createTestFolder, engines } from '../support/engines.ts';
import { complaints, examineWith } from '../support/examine-shop.ts';
import { features } from '../../server/features.ts';
import { installationOwner } from '../../server/store/secrets/secrets.ts';

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
    expect((await checkDatabase(reader)).finding.text).toMatch(
      /0001-initial, .*connections\/0001-initial/,
    );
    await migrate(database, features);
    expect((await checkDatabase(reader)).finding.status).toBe('ok');
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', 'x')`.execute(
      database.kysely,
    );
    const { usable, finding } = await checkDatabase(reader);
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

describe.each(engines.filter((engine) => engine === 'postgres'))('the clock of %s', () => {
  it('is compared with this machine’s', async () => {
    const place = await createTestDatabase();
    const reader = await openBesideApp(place, 'read');
    expect((await checkDatabaseClock(reader, Date.now)).status).toBe('ok');
    const late = await checkDatabaseClock(reader, () => Date.now() - 3_600_000);
    expect(late.text).toContain('3600 s behind the database');
    await reader.close();
    await place.remove();
  });
});

describe.each(engines.filter((engine) => engine === 'postgres'))('two addresses of %s', () => {
  it('have to lead to the same database', async () => {
    const [place, other] = [await createTestDatabase(), await createTestDatabase()];
    const database = await openDatabase(place);
    await migrate(database, features);
    await database.close();
    const examineAddresses = (pooled: string) =>
      examineWith({ SANDBOX: '1', DATABASE_URL: pooled, DATABASE_DIRECT_URL: place.databaseUrl });

    const same = await examineAddresses(`${place.databaseUrl}?application_name=pooler`);
    expect(same.join('\n')).toContain('ok       pooled address: ');
    expect(complaints(await examineAddresses(other.databaseUrl), 'pooled address')).toEqual([
      expect.stringContaining('lead to different databases'),
    ]);
    await place.remove();
    await other.remove();
  });
});

describe('a database that cannot be reached', () => {
  it('is a line of the report, without the password', async () => {
    const report = await examineWith({
      SANDBOX: '1',
      PORT: '1',
      DATABASE_URL: 'postgres://shop:the-password@localhost:1/shop',
    });
    expect(complaints(report, 'database')[0]).toContain('ECONNREFUSED');
    expect(report.join('\n')).not.toContain('the-password');
  });

  it('is a line of the report although it never answers', async () => {
    const silent = createServer().listen(0);
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const environment = { SANDBOX: '1', DATABASE_URL: `postgres://shop@localhost:${port}/shop` };
    const report = await examineWith(environment, { timeoutMs: 300 });
    silent.close();
    expect(complaints(report, 'database')).toHaveLength(1);
  });
});
