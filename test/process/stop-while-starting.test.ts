import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { features } from '../../server/features.ts';
import { migrate } from '../../server/store/migrate.ts';
import { engines, openDatabase } from '../support/store/engines.ts';
import { placeForProcess } from '../support/process/place-for-process.ts';
import { findFreePort, startProcess } from '../support/process/start-process.ts';

const MANY = 300_000;

describe.each(engines)('a stop while the start still deletes old data on %s', (engine) => {
  let dataDir: string;
  let place: Awaited<ReturnType<typeof placeForProcess>>;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-stop-'));
    place = await placeForProcess(engine);
    const database = await openDatabase({ databaseUrl: place.settings.DATABASE_URL, dataDir });
    await migrate(database, features);
    await sql`
      insert into sessions (sid, data, expires_at)
      with recursive number(n) as (select 1 union all select n + 1 from number where n < ${sql.lit(MANY)})
      select 's' || n, '{}', 1 from number`.execute(database.kysely);
    await database.close();
  });
  afterEach(async () => {
    await place.remove();
    await rm(dataDir, { recursive: true });
  });

  it('ends with 0, and reports no failure', { timeout: 60_000 }, async () => {
    const port = String(await findFreePort());
    const app = startProcess({
      ...place.settings,
      DATA_DIR: dataDir,
      PORT: port,
      PUBLIC_URL: `http://localhost:${port}`,
      SANDBOX: '0',
      OAUTH_CLIENT_ID: 'id',
      OAUTH_CLIENT_SECRET: 'secret',
    });
    await app.ready();

    expect(await app.end('SIGTERM')).toBe(0);
    expect(app.output()).not.toMatch(/could not start|"level":50/);
  });
});
