import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findFreePort, startProcess } from '../test/support/start-process.ts';
import { median } from './statistics.ts';

const run = promisify(execFile);

export interface StartFigures {
  readyMs: number;
  idleRssMb: number;
}

/** The compiled app without a sandbox, from spawn to the first 200 of /readyz, then left alone for a while. */
export async function measureStart(rounds: number): Promise<StartFigures> {
  const ready: number[] = [];
  const idle: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-bench-'));
    const started = performance.now();
    const app = startProcess({
      PORT: String(await findFreePort()),
      DATA_DIR: dataDir,
      SANDBOX: '0',
      OAUTH_CLIENT_ID: 'bench',
      OAUTH_CLIENT_SECRET: 'bench',
    });
    await app.ready();
    ready.push(performance.now() - started);
    await sleep(2_000);
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(app.pid)]);
    idle.push(Number(stdout) / 1024);
    await app.end('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  }
  return { readyMs: median(ready), idleRssMb: median(idle) };
}
