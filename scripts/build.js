/**
 * Compiles server/ and sandbox/ into dist/, if a source has changed since the last time. Where there is no
 * compiler, as with production dependencies alone, dist has to fit the sources, or one line says what to run.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

const FOLDERS = ['server', 'sandbox'];
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json'];
/** Names every source that dist was made of, with its hash: dates do not survive a copy. */
const RECORD = 'dist/sources.json';
const COMPILER = 'node_modules/typescript/bin/tsc';

process.chdir(join(import.meta.dirname, '..'));
const sources = hashSources();
if (!isBuiltFrom(sources)) build();

function build() {
  if (!existsSync(COMPILER)) {
    const what = existsSync('dist/server/main.js')
      ? 'dist is not of these sources'
      : 'dist is missing';
    console.error(
      `${what}, and there is no compiler. Run: npm ci --include=dev && npm run build && npm prune --omit=dev`,
    );
    process.exit(1);
  }
  requireWritable();
  // From now on dist is of no known sources, should the compiler be interrupted.
  rmSync(RECORD, { force: true });
  const { status } = spawnSync(process.execPath, [COMPILER, '--project', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(RECORD, JSON.stringify(sources));
}

/** Where another user built it, who runs the app may read it and no more. */
function requireWritable() {
  const place = existsSync('dist') ? 'dist' : '.';
  try {
    accessSync(place, constants.W_OK);
  } catch {
    console.error(
      `dist is not of these sources, and this user may not write there. Run as the owner of ${resolve(place)}: npm run build`,
    );
    process.exit(1);
  }
}

/** Whether every source is the one that was compiled, and nothing that was compiled is missing. */
function isBuiltFrom(present) {
  if (!existsSync(RECORD)) return false;
  const built = JSON.parse(readFileSync(RECORD, 'utf8'));
  const isSame = Object.entries(present).every(([path, hash]) => built[path] === hash);
  return isSame && Object.keys(built).every((path) => existsSync(outputOf(path)));
}

function hashSources() {
  const compiled = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => join(folder, path)),
  );
  const paths = [...compiled, ...SETTINGS.filter((path) => existsSync(path))];
  return Object.fromEntries(
    paths.map((path) => [
      path,
      createHash('sha256').update(readFileSync(path)).digest('base64url'),
    ]),
  );
}

function outputOf(path) {
  return path.endsWith('.ts') ? join('dist', path.replace(/\.ts$/, '.js')) : RECORD;
}
