import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { checkDatabaseClock } from '../../../server/commands/doctor/check-clock.ts';
import { openBesideApp } from '../../../server/commands/open-beside-app.ts';
import { features } from '../../../server/features.ts';
import { migrate } from '../../../server/store/migrate.ts';
import { openDatabase, postgresIsAvailable } from '../../support/store/engines.ts';
import { createTestDatabase } from '../../support/store/postgres-databases.ts';
import { complaints, examineWith } from '../../support/examine-shop.ts';

describe.runIf(postgresIsAvailable)('the clock of PostgreSQL', () => {
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

describe.runIf(postgresIsAvailable)('two addresses of PostgreSQL', () => {
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
