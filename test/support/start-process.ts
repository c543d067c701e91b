import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { compiledProgram } from './compiled-copy.ts';
import { waitUntil } from './wait-until.ts';

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
        const response = await fetch(`${url}/readyz`).catch(() => undefined);
        return response?.ok;
      }),
    async end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null> {
      child.kill(signal);
      return await exited;
    },
  };
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The port has no number.');
  return address.port;
}
