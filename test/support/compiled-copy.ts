import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProjectRoot } from '../../server/config/env-file.ts';

const COPIED = ['dist', 'package.json', '.env.example'];
const LINKED = ['node_modules', 'views', 'public', 'ui', 'sandbox'];

/** Makes a folder with the compiled project, and with an `.env` and a data folder that are nobody else's. */
export function copyCompiled(): string {
  const root = findProjectRoot();
  const folder = mkdtempSync(join(tmpdir(), 'shopkeeper-compiled-'));
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of LINKED) symlinkSync(join(root, name), join(folder, name));
  return folder;
}

let shared: string | undefined;

/**
 * The path of a compiled program for processes that tests start: in a copy, because beside the original lie
 * the developer's own `.env` and data.
 */
export function compiledProgram(path: string): string {
  if (shared === undefined) {
    const folder = copyCompiled();
    // A benchmark ends like that; a test file's process is ended, and the run takes its folder along.
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    shared = folder;
  }
  return join(shared, 'dist/server', path);
}
