import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '../wait-until.ts';

export interface RunningServer {
  /** What it wrote to the terminal so far. */
  output: () => string;
  stop(): Promise<void>;
}

/**
 * Runs another program's server in a temporary folder until it takes connections on the port.
 * @param options.files Written into the folder first, by name.
 */
export async function runServer(options: {
  program: string;
  args: (folder: string) => string[];
  files: Record<string, string>;
  environment?: Record<string, string>;
  port: number;
}): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'shopkeeper-server-'));
  // Workers that give root's rights up keep their files here as well.
  await chmod(folder, 0o755);
  for (const [name, content] of Object.entries(options.files))
    await writeFile(join(folder, name), content);
  const child = spawn(options.program, options.args(folder), {
    cwd: folder,
    // A group of its own, so that its workers end with it.
    detached: true,
    env: { PATH: process.env['PATH'], HOME: folder, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const printed: string[] = [];
  child.stdout.on('data', (chunk) => printed.push(String(chunk)));
  child.stderr.on('data', (chunk) => printed.push(String(chunk)));
  const output = () => printed.join('');

  async function stop(): Promise<void> {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    await exited;
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await waitUntil(`${options.program} listens`, () => {
      if (child.exitCode !== null) throw new Error(`${options.program} ended.`);
      return takesConnections(options.port);
    });
  } catch (error) {
    await stop();
    throw new Error(`${options.program} did not start:\n${output()}`, { cause: error });
  }
  return { output, stop };
}

async function takesConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const event = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return event;
}
