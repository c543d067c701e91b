import { readdir, rm, symlink, mkdir, realpath } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Engine } from '../../server/store/engines/database.ts';
import { copyCompiled } from '../support/process/compiled-copy.ts';
import { engines } from '../support/store/engines.ts';
import { placeForProcess } from '../support/process/place-for-process.ts';
import { findFreePort } from '../support/process/start-process.ts';
import { waitUntil } from '../support/wait-until.ts';

/** As docs/make-it-yours.md says: what the other database needs can be left out. */
const OTHERS: Record<Engine, string[]> = { sqlite: ['pg'], postgres: ['libsql', '@libsql'] };

async function leaveOut(folder: string, names: readonly string[]): Promise<void> {
  const modules = join(folder, 'node_modules');
  const original = await realpath(modules);
  await rm(modules);
  await mkdir(modules);
  for (const name of await readdir(original))
    if (!names.includes(name)) await symlink(join(original, name), join(modules, name));
}

it.each(engines)('the app starts on %s without the other driver', async (engine) => {
  const folder = copyCompiled();
  await leaveOut(folder, OTHERS[engine]);
  const { settings, remove } = await placeForProcess(engine);
  const port = await findFreePort();
  const child = spawn(process.execPath, [join(folder, 'dist/server/main.js')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: String(port), SANDBOX_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (printed += String(chunk)));
  try {
    const home = await waitUntil('the app answers', async () => {
      if (child.exitCode !== null) throw new Error(`The app ended:\n${printed}`);
      const answer = await fetch(`http://localhost:${port}/readyz`).catch(() => undefined);
      // It says so as soon as the port is open, and both are on their way.
      return printed.includes('is ready') ? answer : undefined;
    });
    expect([home.status, printed]).toEqual([200, expect.stringContaining('is ready')]);
  } finally {
    if (child.exitCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
    await remove();
  }
});
