import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findFreePort } from '../../test/support/process/start-process.ts';
import { compiledProgram } from '../../test/support/process/compiled-copy.ts';
import { pinToCore, readThreadMicros, SERVER_CORE } from './process-tree.ts';
import { serverFile } from '../start-contestant.ts';
import { median } from './statistics.ts';

const run = promisify(execFile);

export interface StartFigures {
  name: string;
  /** From the start of the process to the first answer. */
  wallMs: number;
  cpuMs: number;
  /** Left alone for a while. */
  idleRssMb: number;
}

/** As it is deployed: else a start also reads the source maps of the bot. */
const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://bot.example.com',
  HOST: '127.0.0.1',
  SESSION_SECRETS: 'a-session-secret-of-32-characters',
  ENCRYPTION_KEYS: `bench:${Buffer.alloc(32).toString('base64')}`,
  OAUTH_CLIENT_ID: 'bench',
  OAUTH_CLIENT_SECRET: 'bench',
  LOG_LEVEL: 'warn',
};

/** Express that only parses, and the compiled app, by turns. */
export async function measureStarts(rounds: number): Promise<StartFigures[]> {
  const express: StartFigures[] = [];
  const ours: StartFigures[] = [];
  const dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-bench-'));
  for (let round = 0; round < rounds; round++) {
    const port = String(await findFreePort());
    const name = 'Express, parses only';
    express.push(await measureStart(name, port, [serverFile('express'), port], PRODUCTION));
    ours.push(
      await measureStart('Shopkeeper on SQLite', port, [compiledProgram('main.js')], {
        ...PRODUCTION,
        PORT: port,
        DATA_DIR: dataDir,
      }),
    );
  }
  await rm(dataDir, { recursive: true, force: true });
  // The first round prepared the folder, and read every file from the disk.
  return [express, ours].map((all) => summarise(all.slice(1)));
}

async function measureStart(
  name: string,
  port: string,
  command: string[],
  environment: Record<string, string>,
): Promise<StartFigures> {
  const started = performance.now();
  const child = spawn(process.execPath, command, {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const pid = child.pid ?? 0;
  pinToCore(pid, SERVER_CORE);
  while (!(await isAnswered(Number(port)))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}.`);
    await sleep(5);
  }
  const wallMs = performance.now() - started;
  const cpuMs = (await readThreadMicros(pid)) / 1_000;
  await sleep(2_000);
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
  child.kill('SIGTERM');
  await exited;
  return { name, wallMs, cpuMs, idleRssMb: Number(stdout) / 1024 };
}

/** Whatever it answers; `fetch` would take as long as some servers. */
async function isAnswered(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    await once(socket, 'data');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function summarise(rounds: StartFigures[]): StartFigures {
  const of = (pick: (figures: StartFigures) => number) => median(rounds.map(pick));
  return {
    name: rounds[0]?.name ?? '',
    wallMs: of(({ wallMs }) => wallMs),
    cpuMs: of(({ cpuMs }) => cpuMs),
    idleRssMb: of(({ idleRssMb }) => idleRssMb),
  };
}
