import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compiledProgram } from '../support/process/compiled-copy.ts';
import { findFreePort } from '../support/process/start-process.ts';
import { waitUntil } from '../support/wait-until.ts';

const FULL = '/dev/full';

it.runIf(existsSync(FULL))('an app whose log is on a full disk answers and ends', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-log-'));
  const port = await findFreePort();
  const places = { PORT: String(port), SANDBOX_PORT: String(await findFreePort()) };
  const child = spawn(process.execPath, [compiledProgram('main.js')], {
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, LOG_LEVEL: 'debug', ...places },
    stdio: ['ignore', openSync(FULL, 'w'), 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    // Each request is a line.
    for (let ask = 0; ask < 3; ask++)
      await waitUntil('it is ready', async () => {
        const signal = AbortSignal.timeout(1_000);
        const url = `http://localhost:${port}/readyz`;
        return (await fetch(url, { signal }).catch(() => undefined))?.ok;
      });
    child.kill('SIGTERM');
    expect(await Promise.race([exited, waitUntil('it has ended', () => false)])).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
    await exited;
    await rm(dataDir, { recursive: true });
  }
});
