import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { codeOf } from '../../../server/errors.ts';
import { ask } from '../browser/ask.ts';
import { compiledProgram } from './compiled-copy.ts';
import { waitUntil } from '../wait-until.ts';

export type AppProcess = ReturnType<typeof startProcess>;

/**
 * The compiled app, or another copy of it, as a process of its own, started as operators do. Nothing of our
 * environment reaches it.
 */
export function startProcess(
  environment: Record<string, string>,
  program = compiledProgram('main.js'),
) {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  child.stdout.on('data', (chunk) => printed.push(String(chunk)));
  child.stderr.on('data', (chunk) => printed.push(String(chunk)));
  // With its output: a process may have ended before all of that has arrived.
  const exited = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  const url = `http://localhost:${environment['PORT']}`;

  return {
    url,
    pid: child.pid,
    /** Everything it wrote to the terminal so far. */
    output: () => printed.join(''),
    /** Its exit code; null when a signal ended it. */
    exited,
    ready: () =>
      waitUntil(`the app is ready\n${printed.join('')}`, async () => {
        if (child.exitCode !== null) throw new Error(`The app ended:\n${printed.join('')}`);
        const answer = await ask(`${url}/readyz`).catch(() => undefined);
        return answer?.status === 200;
      }),
    async end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null> {
      child.kill(signal);
      return await exited;
    },
  };
}

/**
 * Below those that the system gives to whoever asks for any, or another test may have it before the process
 * that it is meant for: each process of the tests has its own to count through.
 */
const [FIRST_PORT, PORTS_EACH] = [20_000 + (process.pid % 80) * 150, 150];
let tried = 0;

export async function findFreePort(): Promise<number> {
  const port = FIRST_PORT + (tried++ % PORTS_EACH);
  const server = createServer().listen(port);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    return findFreePort();
  }
  server.close();
  await once(server, 'close');
  return port;
}
