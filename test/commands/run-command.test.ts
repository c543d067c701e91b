import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { features } from '../../server/features.ts';
import { migrate } from '../../server/store/migrate.ts';
import { compiledProgram } from '../support/process/compiled-copy.ts';
import { engines, openDatabase } from '../support/store/engines.ts';
import { runCommand } from '../support/process/run-command.ts';

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-command-'));
  const database = await openDatabase({ dataDir });
  await migrate(database, features);
  await database.close();
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe.runIf(engines.includes('sqlite'))('a command', () => {
  it.each([
    ['backup', ['data/one.db', 'two.db']],
    // What npm makes of `npm run restore data/one.db --removals shop.log`.
    ['restore', ['data/one.db', 'shop.log']],
    ['rotate-keys', ['--dry-run']],
    ['doctor', ['--jsn']],
    ['check-health', ['--verbose']],
    ['tunnel', ['8080']],
    ['../main', ['--port']],
  ])('%s does nothing when it is given what it does not know', async (name, args) => {
    const before = await readdir(dataDir);
    const environment = { DATA_DIR: dataDir, SANDBOX: '1' };
    const { exitCode, output } = await runCommand(name, { args, environment });
    expect(exitCode).toBe(1);
    expect(output).toMatch(
      new RegExp(`^(\\n.* start\\. )?(Unexpected argument|Unknown option) '${args.at(-1)}'`),
    );
    expect(output).not.toContain('    at ');
    // What the app had beside the database, SQLite may take away meanwhile.
    expect(before).toEqual(expect.arrayContaining(await readdir(dataDir)));
  });

  it('that prepares what was put back says in a sentence what the database refuses, a full disk say', async () => {
    const database = await openDatabase({ dataDir });
    const refuse = `begin select raise(abort, 'disk is full'); end`;
    await sql`create trigger full before insert on app_state ${sql.raw(refuse)}`.execute(
      database.kysely,
    );
    await database.close();
    const environment = { DATA_DIR: dataDir, SANDBOX: '1' };
    const { exitCode, output } = await runCommand('restore', { environment });
    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /^The database could not be prepared: disk is full\. .*run this again.*\n$/,
    );
  });

  it('ends as well as it would when nobody reads what it prints', async () => {
    const child = spawn(
      process.execPath,
      [compiledProgram('commands/backup.js'), join(dataDir, 'backup.db')],
      { env: { PATH: process.env['PATH'], DATA_DIR: dataDir, SANDBOX: '1' } },
    );
    const printed: string[] = [];
    child.stderr.on('data', (chunk) => printed.push(String(chunk)));
    child.stdout.destroy();
    const [code]: unknown[] = await once(child, 'close');
    expect(printed.join('')).toBe('');
    expect(code).toBe(0);
    expect(await readdir(dataDir)).toContain('backup.db');
  });
});
