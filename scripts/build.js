/**
 * Compiles the sandbox into sandbox/dist and the server into dist, and makes their assets, if a source has
 * changed since the last time. Where there is no compiler, as with production dependencies alone, what was compiled has to fit the
 * sources, or one line says what to run.
 */
import './require-node.js';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAssets, listAssetOutputs, listAssetSources } from './build-assets.js';
import { bundle, CHUNKS } from './bundle.js';
import { waitForTurn } from './one-build.js';

/**
 * Names every source that was compiled, with its hash, for dates do not survive a copy; and what was put
 * together of them.
 */
const RECORD = 'dist/sources.json';
const PROGRAM = 'dist/server/main.js';
/** Answers where the compiler's program is: to start it by `tsc` starts a second Node, which takes as long. */
const FIND_COMPILER = 'node_modules/typescript/lib/getExePath.js';
/** Where the bot finds what it reads beside its code, prompts or answers: the compiler leaves such files behind. */
const BOT = 'server/bot';
/** By `npm run check`, a moment ago: then types are left out, which are the larger part of the work. */
const isChecked = process.argv.includes('--checked');

process.chdir(join(import.meta.dirname, '..'));
/** In this order: the server is compiled against what became of the sandbox. */
const projects = [
  { settings: 'sandbox/tsconfig.build.json', sources: 'sandbox/src', output: 'sandbox/dist' },
  { settings: 'tsconfig.build.json', sources: 'server', output: 'dist/server' },
].filter(({ sources }) => existsSync(sources));
const sources = hashSources();
if (!isBuiltFrom(sources)) await build();

async function build() {
  if (!existsSync(FIND_COMPILER)) {
    const what = existsSync(PROGRAM) ? 'dist is not of these sources' : 'dist is missing';
    console.error(
      `${what}, and there is no compiler. Run: npm ci --include=dev && npm run build && npm prune --omit=dev`,
    );
    process.exit(1);
  }
  requireWritable();
  await waitForTurn();
  // By the one that was waited for.
  if (isBuiltFrom(sources)) return;
  // Not on the standard output, which is what a command was asked for.
  console.error('Compiling what has changed …');
  // From now on dist is of no known sources, should the compiler be interrupted.
  rmSync(RECORD, { force: true });
  const { default: findCompiler } = await import(pathToFileURL(resolve(FIND_COMPILER)).href);
  const compiler = findCompiler();
  for (const { settings } of projects) {
    // Several threads would each find out again what most types are, and collect garbage as they go: together
    // three times the work, and hardly sooner.
    const args = ['--project', settings, '--singleThreaded', ...(isChecked ? ['--noCheck'] : [])];
    const env = { GOGC: 'off', ...process.env };
    const { status } = spawnSync(compiler, args, { stdio: 'inherit', env });
    if (status !== 0) process.exit(status ?? 1);
  }
  for (const path of findLeftovers()) rmSync(path);
  for (const path of listBesideBot()) cpSync(path, outputOf(path));
  const written = [];
  for (const { output } of projects) written.push(...(await bundle(output)));
  await buildAssets('.');
  const parts = Object.fromEntries(written.map((path) => [path, '']));
  writeFileSync(RECORD, JSON.stringify({ ...sources, ...parts }));
}

/** What was compiled of a source that is gone: a folder whose files are all loaded would still have it. */
function findLeftovers() {
  const assets = new Set(listAssetOutputs('.'));
  return projects.flatMap(({ sources: folder, output }) =>
    (existsSync(output) ? readdirSync(output, { recursive: true }) : [])
      .filter((path) => {
        const source = path.replace(/(\.js|\.d\.ts)(\.map)?$/, '.ts');
        const isMade = assets.has(dirname(join(output, path))) || dirname(path) === CHUNKS;
        return source !== path && !isMade && !existsSync(join(folder, source));
      })
      .map((path) => join(output, path)),
  );
}

/** Where another user built it, who runs the app may read it and no more. */
function requireWritable() {
  for (const place of ['dist', ...projects.map(({ output }) => output)]) {
    const written = existsSync(place) ? place : dirname(place);
    if (!existsSync(written) || mayWrite(written)) continue;
    console.error(
      `dist is not of these sources, and this user may not write there. Run as the owner of ${resolve(written)}: npm run build`,
    );
    process.exit(1);
  }
}

function mayWrite(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether every source is the one that was compiled, none is gone, and nothing that was compiled is missing. */
function isBuiltFrom(present) {
  const built = readRecord();
  const isSame = Object.entries(present).every(([path, hash]) => built[path] === hash);
  const outputs = [...Object.keys(built).map(outputOf), ...listAssetOutputs('.')];
  const isComplete = outputs.every((path) => existsSync(path));
  return isSame && isComplete && findLeftovers().length === 0;
}

/** Empty, too, where it was cut off while it was written, on a full disk say. */
function readRecord() {
  try {
    return JSON.parse(readFileSync(RECORD, 'utf8'));
  } catch {
    return {};
  }
}

/** With the same slashes on every system: the record may come from another one. */
function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll(sep, '/'));
}

/** Without what editors and systems keep there. */
function listBesideBot() {
  return existsSync(BOT) ? listFiles(BOT).filter((path) => !/\.ts$|\/\.|~$/.test(path)) : [];
}

function hashSources() {
  const compiled = projects.flatMap(({ sources: folder }) =>
    listFiles(folder).filter((path) => path.endsWith('.ts')),
  );
  const settings = [
    'tsconfig.json',
    'package-lock.json',
    'scripts/build-assets.js',
    'scripts/bundle.js',
    ...projects.map((project) => project.settings),
  ];
  const paths = [
    ...compiled,
    ...listBesideBot(),
    ...listAssetSources('.'),
    ...settings.filter((path) => existsSync(path)),
  ];
  return Object.fromEntries(
    paths.map((path) => [
      path,
      createHash('sha256').update(readFileSync(path)).digest('base64url'),
    ]),
  );
}

function outputOf(path) {
  if (projects.some(({ output }) => path.startsWith(`${output}/`))) return path;
  const project = projects.find(({ sources: folder }) => path.startsWith(`${folder}/`));
  return project ? path.replace(project.sources, project.output).replace(/\.ts$/, '.js') : RECORD;
}
