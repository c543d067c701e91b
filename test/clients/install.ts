import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the clients are installed, each file of clients/ beside them. */
    clientsFolder: string;
  }
}

const COPIED = ['package.json', 'package-lock.json', 'clients'];
const run = promisify(execFile);

/** Installs the pinned clients into a temporary folder, without running a script of theirs. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'shopkeeper-clients-'));
  for (const name of COPIED)
    await cp(join(import.meta.dirname, name), join(folder, name), { recursive: true });
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  project.provide('clientsFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}
