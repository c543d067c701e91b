import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../support/run-command.ts';
import { findFreePort, startProcess } from '../support/start-process.ts';
import { waitUntil } from '../support/wait-until.ts';

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-database-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('a DATABASE_URL where nothing is', () => {
  const sentence =
    'PostgreSQL at localhost:1 cannot be used: nothing listens there (ECONNREFUSED). ' +
    'Start it, or correct the host and the port in DATABASE_URL';

  it('is the same sentence in the start and in every command, without a stack or the password', async () => {
    const environment = {
      DATA_DIR: dataDir,
      SANDBOX: '1',
      PORT: String(await findFreePort()),
      DATABASE_URL: 'postgres://shop:the-password@localhost:1/shop',
    };
    const app = startProcess(environment);
    const results = [
      { exitCode: await app.exited, output: app.output() },
      ...(await Promise.all(
        ['doctor', 'restore', 'rotate-keys'].map((name) => runCommand(name, { environment })),
      )),
    ];

    for (const { exitCode, output } of results) {
      expect(exitCode).toBe(1);
      expect(output).toContain(sentence);
      expect(output).not.toMatch(/the-password|\n {4}at /);
    }
  });

  it('is a problem of the configuration when it cannot be read', async () => {
    const environment = { SANDBOX: '1', DATABASE_URL: 'postgres://shop:the#password@db/shop' };
    for (const name of ['doctor', 'backup', 'restore', 'rotate-keys']) {
      const { exitCode, output } = await runCommand(name, { environment });
      expect(exitCode).toBe(1);
      expect(output).toContain('write # as %23');
      expect(output).not.toMatch(/the#password|\n {4}at /);
    }
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
