import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { compiledProgram } from './compiled-copy.ts';

/** A compiled command as a process of its own. Nothing of our environment reaches it. */
export function startCommand(
  name: string,
  { args = [], environment }: { args?: string[]; environment: Record<string, string> },
) {
  const script = compiledProgram(`commands/${name}.js`);
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  child.stdout.on('data', (chunk) => printed.push(String(chunk)));
  child.stderr.on('data', (chunk) => printed.push(String(chunk)));
  const closed = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  return {
    /** Everything it wrote to the terminal so far. */
    output: () => printed.join(''),
    kill: () => child.kill('SIGKILL'),
    /** Its exit code, null when a signal ended it, and everything it wrote to the terminal. */
    ended: closed.then((exitCode) => ({ exitCode, output: printed.join('') })),
  };
}

export async function runCommand(
  name: string,
  options: { args?: string[]; environment: Record<string, string> },
) {
  return startCommand(name, options).ended;
}
