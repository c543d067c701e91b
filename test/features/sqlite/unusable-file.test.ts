import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { features } from '../../../server/features.ts';
import { migrate } from '../../../server/store/migrate.ts';
import { compiledProgram } from '../../support/process/compiled-copy.ts';
import { openDatabase } from '../../support/store/engines.ts';
import { runCommand } from '../../support/process/run-command.ts';
import { findFreePort, startProcess } from '../../support/process/start-process.ts';
import { waitUntil } from '../../support/wait-until.ts';

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-database-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('a database file that cannot be used', () => {
  const inFolder = (name: string) => join(dataDir, name);

  it.each([
    ['a folder', () => mkdir(inFolder('shopkeeper.db')), 'shopkeeper.db is not a file'],
    [
      'a link that leads nowhere',
      () => symlink('/nowhere/shopkeeper.db', inFolder('shopkeeper.db')),
      'shopkeeper.db is a link to /nowhere/shopkeeper.db, where nothing is',
    ],
    [
      'no database',
      () => writeFile(inFolder('shopkeeper.db'), 'x'.repeat(8_192)),
      'shopkeeper.db cannot be used: it is not a SQLite database',
    ],
    [
      'beside secrets that are a folder',
      async () => {
        await mkdir(inFolder('development-secrets.json'));
        await (await openDatabase({ dataDir })).close();
      },
      'development-secrets.json cannot be read (EISDIR)',
      ['doctor'],
    ],
  ])('because it is %s is named in a sentence', async (_name, make, sentence, only?: string[]) => {
    await make();
    const environment = { DATA_DIR: dataDir, SANDBOX: '1' };
    for (const name of only ?? ['doctor', 'rotate-keys', 'backup']) {
      const args = name === 'backup' ? [inFolder('backup.db')] : [];
      const { exitCode, output } = await runCommand(name, { args, environment });
      expect(exitCode).toBe(1);
      expect(output).toContain(`${dataDir}/${sentence}`);
      expect(output).not.toMatch(/\n {4}at |file:/);
    }
  });

  it('because another program keeps it locked is named by a start, and by a restore', async () => {
    const database = await openDatabase({ dataDir });
    await migrate(database, features);
    await database.close();
    const other = new Libsql(inFolder('shopkeeper.db'));
    other.exec('begin immediate');
    for (const name of ['../main', 'restore']) {
      const { exitCode, output } = await runCommand(name, { environment: { DATA_DIR: dataDir } });
      expect(exitCode).toBe(1);
      expect(output).toContain(`${dataDir}/shopkeeper.db cannot be used: another program keeps it`);
      expect(output).not.toContain('    at ');
    }
    other.close();
  });

  it('is no backup, and a disk that is full takes none', async () => {
    const database = await openDatabase({ dataDir });
    await migrate(database, features);
    await database.close();
    const environment = { DATA_DIR: dataDir, SANDBOX: '1' };
    const backup = [compiledProgram('commands/backup.js'), inFolder('backup.db')];
    const { stderr } = spawnSync('prlimit', ['--fsize=4096', process.execPath, ...backup], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ...environment },
    });
    expect(stderr).toMatch(/^\S+backup\.db cannot be written, and nothing was: .*\n$/);
    expect(await readdir(dataDir)).not.toContain('backup.db.part');

    const restored = await runCommand('restore', { args: [tmpdir()], environment });
    expect(restored.output).toMatch(
      /^\S+ cannot be restored, and nothing was changed: EISDIR.*\n$/,
    );
  });
});

describe('a SQLite file that can no longer be written', () => {
  it('makes the app unready, with the reason, until it can', async () => {
    const app = startProcess({
      DATA_DIR: dataDir,
      PORT: String(await findFreePort()),
      SANDBOX_PORT: String(await findFreePort()),
    });
    await app.ready();
    const readReadiness = async () => {
      const response = await fetch(`${app.url}/readyz`);
      return { status: response.status, body: await response.text() };
    };

    limitFiles(app.pid, '0');
    await waitUntil('it is unready', async () => (await readReadiness()).status === 503);
    expect((await readReadiness()).body).toContain('"reason":"the database cannot be written"');
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);

    limitFiles(app.pid, 'unlimited');
    await waitUntil('it is ready', async () => (await readReadiness()).status === 200);
    expect(await app.end('SIGTERM')).toBe(0);
  });
});

/** No file of the process may be longer than this from now on: every write fails, as on a broken disk. */
function limitFiles(pid: number | undefined, limit: string): void {
  const { status, stderr } = spawnSync('prlimit', [`--pid=${pid}`, `--fsize=${limit}:unlimited`], {
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
}
