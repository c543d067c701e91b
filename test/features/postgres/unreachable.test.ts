import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../support/process/run-command.ts';
import { findFreePort, startProcess } from '../../support/process/start-process.ts';

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
