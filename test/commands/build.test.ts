import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findProjectRoot } from '../../server/config/env-file.ts';
import { installPackages, makeSmallProject } from '../support/process/small-project.ts';

const ROOT = findProjectRoot();
const COMPILING = 'Compiling what has changed …\n';
const HINT = 'Run: npm ci --include=dev && npm run build && npm prune --omit=dev';

let folder = '';
beforeEach(() => {
  folder = makeSmallProject();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (path: string) => join(folder, path);
const APP = 'dist/server/chunks/app.js';
const compiled = () => readFileSync(inFolder(APP), 'utf8');

const install = (packages: { compiler: boolean }) => installPackages(folder, packages);

function build(user: { uid?: number } = {}) {
  const { status, stderr } = spawnSync(process.execPath, [inFolder('scripts/build.js')], {
    cwd: tmpdir(),
    encoding: 'utf8',
    ...user,
  });
  return { status, stderr };
}

let template: string | undefined;

/** As after `npm install` and a build, which is the same each time: one runs, and is copied. */
function installBuilt(): void {
  const options = { recursive: true, verbatimSymlinks: true };
  if (template !== undefined) return cpSync(template, folder, options);
  install({ compiler: true });
  expect(build()).toEqual({ status: 0, stderr: COMPILING });
  template = mkdtempSync(join(tmpdir(), 'shopkeeper-built-'));
  cpSync(folder, template, options);
}

describe('the build', () => {
  it('leaves the assets of a sandbox that runs where they are', () => {
    for (const path of ['public', 'ui', 'sandbox/public'])
      cpSync(join(ROOT, path), inFolder(path), { recursive: true });
    install({ compiler: true });
    build();
    const assets = inFolder('sandbox/dist/assets');
    const made = readdirSync(assets);
    for (const name of made) utimesSync(join(assets, name), new Date(0), new Date(0));
    expect(build()).toEqual({ status: 0, stderr: '' });
    expect(made.map((name) => statSync(join(assets, name)).mtimeMs)).toEqual([0, 0, 0, 0]);
  });

  it('compiles what has changed, and nothing twice', () => {
    installBuilt();
    expect(compiled()).toContain('answer=42');

    writeFileSync(inFolder(APP), '// untouched\n');
    expect(build().status).toBe(0);
    expect(compiled()).toBe('// untouched\n');

    writeFileSync(inFolder('server/main.ts'), 'export const answer: number = 43;\n');
    expect(build().status).toBe(0);
    expect(compiled()).toContain('answer=43');
  });

  it('takes along what the bot reads beside its code, as it is now', () => {
    installBuilt();
    mkdirSync(inFolder('server/bot'));
    writeFileSync(inFolder('server/bot/.answers.json.swp'), 'of an editor');
    for (const answers of ['{"hours":"9 to 5"}', '{"hours":"10 to 4"}']) {
      writeFileSync(inFolder('server/bot/answers.json'), answers);
      expect(build()).toEqual({ status: 0, stderr: COMPILING });
      expect(readFileSync(inFolder('dist/server/bot/answers.json'), 'utf8')).toBe(answers);
    }
    expect(readdirSync(inFolder('dist/server/bot'))).toEqual(['answers.json']);
    expect(build()).toEqual({ status: 0, stderr: '' });
  });

  it('makes again what was deleted from dist', () => {
    installBuilt();
    rmSync(inFolder('sandbox/dist/index.js'));
    expect(build().status).toBe(0);
    expect(readdirSync(inFolder('sandbox/dist'))).toContain('index.js');
  });

  it('compiles again where the record of the last time was cut off, on a full disk say', () => {
    installBuilt();
    writeFileSync(inFolder('dist/sources.json'), '');
    expect(build()).toEqual({ status: 0, stderr: COMPILING });
  });

  it('takes out of dist what has no source any more, also when nothing else has changed', () => {
    install({ compiler: true });
    writeFileSync(inFolder('server/gone.ts'), 'export const gone = true;\n');
    build();
    expect(readdirSync(inFolder('dist/server'))).toContain('gone.js');
    rmSync(inFolder('server/gone.ts'));
    // Of a build before the last.
    writeFileSync(inFolder('dist/server/older.js'), '');
    expect(build()).toEqual({ status: 0, stderr: COMPILING });
    const left = ['chunks', 'main.js'];
    expect(readdirSync(inFolder('dist/server')).toSorted()).toEqual(left);
  });

  it('lets the compiled server have the compiled sandbox: no second copy, and none it does not fit', () => {
    install({ compiler: true });
    const server = `import { other } from '@shopkeeper/zendesk-sandbox';\nconsole.log(other + 1);\n`;
    writeFileSync(inFolder('server/main.ts'), server);
    expect(build()).toEqual({ status: 0, stderr: COMPILING });
    const { stdout } = spawnSync(process.execPath, [inFolder('dist/server/main.js')]);
    expect(String(stdout)).toBe('2\n');
    expect(readdirSync(inFolder('dist')).toSorted()).toEqual(['server', 'sources.json']);

    // The server is compiled again when only the sandbox has changed, so that both fit.
    writeFileSync(inFolder('sandbox/src/index.ts'), 'export const renamed: number = 1;\n');
    expect(build().status).not.toBe(0);
  });

  it('fails with the compiler’s words, and again until the source is right', () => {
    install({ compiler: true });
    writeFileSync(inFolder('server/main.ts'), 'export const answer: number = "no";\n');
    expect(build().status).not.toBe(0);
    expect(build().status).not.toBe(0);
  });

  it('goes on without a compiler while dist fits the sources', () => {
    installBuilt();
    install({ compiler: false });
    expect(build()).toEqual({ status: 0, stderr: '' });
  });

  it.each([
    ['there is no dist', () => rmSync(inFolder('dist'), { recursive: true }), 'dist is missing'],
    [
      'a source has changed',
      () => writeFileSync(inFolder('server/main.ts'), 'export const answer = 0;\n'),
      'dist is not of these sources',
    ],
    [
      'a source is new',
      () => writeFileSync(inFolder('server/new.ts'), 'export const made = 0;\n'),
      'dist is not of these sources',
    ],
    ['a source is gone', () => rmSync(inFolder('server/main.ts')), 'dist is not of these sources'],
    [
      'a part of dist is missing',
      () => rmSync(inFolder('sandbox/dist/index.js')),
      'dist is not of these sources',
    ],
  ])('says in one line what to run when there is no compiler and %s', (_name, change, what) => {
    installBuilt();
    install({ compiler: false });
    change();
    expect(build()).toEqual({
      status: 1,
      stderr: `${what}, and there is no compiler. ${HINT}\n`,
    });
  });

  it('says in one line who has to run it when this user may not write', () => {
    installBuilt();
    writeFileSync(inFolder('server/main.ts'), 'export const answer = 0;\n');
    chmodSync(folder, 0o755);
    chmodSync(inFolder('dist'), 0o555);
    // Nothing is forbidden to root.
    const { status, stderr } = build(process.getuid?.() === 0 ? { uid: 65_534 } : {});
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^dist is not of these sources, and this user may not write there\..*\n$/,
    );
  });

  it('comes before every command that runs from dist', () => {
    const Scripts = z.object({ scripts: z.record(z.string(), z.string()) });
    const { scripts } = Scripts.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
    const isFromDist = (name: string) => /^node (sandbox\/)?dist\//.test(scripts[name] ?? '');
    const fromDist = Object.keys(scripts).filter(isFromDist);
    const known = 'start doctor setup backup restore rotate-keys sandbox'.split(' ');
    expect(fromDist).toEqual(expect.arrayContaining(known));
    for (const name of fromDist) expect(scripts[`pre${name}`]).toBe('node scripts/build.js');
  });
});
