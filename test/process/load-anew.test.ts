import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackages, makeSmallProject } from '../support/process/small-project.ts';

/** Loads it, has another file of it changed, and loads it again. */
const PROGRAM = `
  import { writeFileSync } from 'node:fs';
  import { loadAnew } from './scripts/load-anew.js';
  process.setSourceMapsEnabled(true);
  const before = await loadAnew('server/main.ts');
  writeFileSync('server/part.ts', "export const part: string = 'after';\\n");
  const after = await loadAnew('server/main.ts');
  const failure = (call) => new Promise((resolve) => resolve(call())).catch((error) => error);
  writeFileSync('server/part.ts', 'export const part = ;');
  console.log(JSON.stringify({
    parts: [before.part, after.part],
    isSamePackage: before.z === after.z,
    places: after.places,
    providers: after.modules.map(([name]) => name),
    thrown: (await failure(after.fail)).stack,
    refused: (await failure(() => loadAnew('server/main.ts'))).message,
  }));`;
const FILES = {
  'main.ts': `import { z } from 'zod';
import { part } from './part.ts';
export { modules } from './providers-folder.ts';
export { part, z };
export const places = [import.meta.url, import.meta.dirname, import.meta.filename];
export function fail(): void {
  throw new Error('Not today.');
}
`,
  'part.ts': `export const part: string = 'before';\n`,
  'providers-folder.ts': 'export const modules = [];\n',
  'providers/own.ts': 'export const createProvider = 1;\n',
  'providers/other/index.ts': 'export const createProvider = 1;\n',
  'providers/other/words.ts': '',
  'providers/with.dot.ts': '',
};

describe('a file that is loaded anew, as npm run dev does,', () => {
  let folder: string;
  let said: Record<string, unknown>;
  beforeAll(() => {
    folder = makeSmallProject();
    installPackages(folder, { compiler: false });
    mkdirSync(join(folder, 'server/providers/other'), { recursive: true });
    for (const [name, text] of Object.entries(FILES))
      writeFileSync(join(folder, 'server', name), text);
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', PROGRAM],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    said = JSON.parse(stdout);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has what another file of the project says now, and the packages from before', () => {
    expect(said['parts']).toEqual(['before', 'after']);
    expect(said['isSamePackage']).toBe(true);
  });

  it('looks for files where its source is, and throws from there', () => {
    const file = join(folder, 'server/main.ts');
    expect(said['places']).toEqual([pathToFileURL(file).href, join(folder, 'server'), file]);
    expect(said['thrown']).toContain(`${file}:7:9`);
  });

  it('has the providers that there are', () => {
    expect(said['providers']).toEqual(['other', 'own', 'with.dot']);
  });

  it('is refused with its line where the code is wrong, and leaves nothing behind', () => {
    expect(said['refused']).toContain('server/part.ts:1:20: ERROR');
    expect(readdirSync(join(folder, 'dist'))).toEqual([]);
  });

  it('is told in a sentence where it is wrong from the start', () => {
    mkdirSync(join(folder, 'server/commands'));
    writeFileSync(join(folder, 'server/commands/dev.ts'), 'export const wrong = ;\n');
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'scripts/dev.js')], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toBe(
      '\nShopkeeper could not start. Build failed with 1 error:\n' +
        'server/commands/dev.ts:1:21: ERROR: Unexpected ";"\n',
    );
  });
});
