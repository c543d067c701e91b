import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { copyCompiled } from './compiled-copy.ts';

export type Clone = ReturnType<typeof cloneProject>;

/** The compiled project in a folder of its own, with an `.env` and a data folder that are nobody else's. */
export function cloneProject() {
  const folder = copyCompiled();

  return {
    folder,
    envFile: join(folder, '.env'),

    /** Runs a command to its end, without a terminal. Nothing of our environment reaches it. */
    async run(command: string, args: string[] = [], environment: Record<string, string> = {}) {
      const script = join(folder, 'dist/server/commands', `${command}.js`);
      const child = spawn(process.execPath, [script, ...args], {
        cwd: folder,
        env: { PATH: process.env['PATH'], ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [stdout, stderr] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'exit'),
      ]);
      return { code: child.exitCode, stdout, stderr };
    },

    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
