import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { findProjectRoot } from '../../server/project-root.ts';

const COPIED = ['dist', 'package.json', '.env.example', 'views', 'public', 'ui'];

export type Clone = Awaited<ReturnType<typeof cloneProject>>;

/** The compiled project in a folder of its own, with an `.env` and a data folder that are nobody else's. */
export async function cloneProject() {
  const root = findProjectRoot();
  const folder = await mkdtemp(join(tmpdir(), 'shopkeeper-clone-'));
  for (const name of COPIED) await cp(join(root, name), join(folder, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));

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
