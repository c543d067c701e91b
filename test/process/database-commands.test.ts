import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engines } from '../support/store/engines.ts';
import { createTestDatabase } from '../support/store/postgres-databases.ts';
import { runCommand } from '../support/process/run-command.ts';

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-database-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe.each(engines)('a database on %s that no app was started with', (engine) => {
  it('is said to be empty by every command, which leaves it so', async () => {
    const empty = engine === 'postgres' ? await createTestDatabase() : undefined;
    const environment = { DATA_DIR: dataDir, SANDBOX: '1', DATABASE_URL: empty?.databaseUrl ?? '' };
    if (engine === 'sqlite') await writeFile(join(dataDir, 'shopkeeper.db'), '');
    const commands = engine === 'sqlite' ? ['rotate-keys', 'backup'] : ['rotate-keys'];
    for (const name of commands) {
      const args = name === 'backup' ? [join(dataDir, 'backup.db')] : [];
      const { exitCode, output } = await runCommand(name, { args, environment });
      expect(exitCode).toBe(1);
      expect(output).toMatch(/^The database is empty: no app was started with it yet\..*\n$/);
    }
    expect(await readdir(dataDir)).toEqual(engine === 'sqlite' ? ['shopkeeper.db'] : []);
    await empty?.remove();
  });
});
