import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { findProjectRoot } from '../../../server/config/env-file.ts';

/** What runs, and what tests write over. Node looks for `.env` and data where the copy is, not the link. */
const COPIED = [
  'package.json',
  '.env.example',
  ...['main.js', 'bot', 'chunks', 'commands'].map((name) => `dist/server/${name}`),
];
/** Of each folder what is not copied. */
const LINKED = ['node_modules', 'views', 'public', 'ui', 'sandbox'];
const LINKED_WITHIN = ['dist', 'dist/server'];

/** Makes a folder with the compiled project, and with an `.env` and a data folder that are nobody else's. */
export function copyCompiled(): string {
  const root = findProjectRoot();
  const folder = mkdtempSync(join(tmpdir(), 'shopkeeper-compiled-'));
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true });
  const within = LINKED_WITHIN.flatMap((name) =>
    readdirSync(join(root, name)).map((entry) => `${name}/${entry}`),
  );
  for (const name of [...LINKED, ...within])
    if (!existsSync(join(folder, name))) symlinkSync(join(root, name), join(folder, name));
  return folder;
}

/** So that what tests expect of it does not depend on what partners made of server/bot. */
function giveSampleBot(folder: string): void {
  const source = readFileSync(join(findProjectRoot(), 'test/support/sample-bot.ts'), 'utf8');
  const { code } = transformSync(`${source}export { sampleBot as bot };\n`, { loader: 'ts' });
  writeFileSync(join(folder, 'dist/server/bot/bot.js'), code);
}

let shared: string | undefined;

/**
 * The path of a compiled program for processes that tests start: in a copy, because beside the original lie
 * the developer's own `.env` and data, and with the bot of the tests.
 */
export function compiledProgram(path: string): string {
  if (shared === undefined) {
    const folder = copyCompiled();
    giveSampleBot(folder);
    // A benchmark ends like that; a test file's process is ended, and the run takes its folder along.
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    shared = folder;
  }
  return join(shared, 'dist/server', path);
}
