import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const PACKAGE = join(import.meta.dirname, '../..');
const PROJECT = join(PACKAGE, '..');
/** What a service has beside its line in src/services.ts. */
const FOLDERS = ['src/services', 'views', 'public', 'test/services'];
const CORE_TESTS = ['zendesk/oauth', 'faces/admin-center', 'snapshot'];

const copy = mkdtempSync(join(tmpdir(), 'sandbox-without-'));
const inCopy = (...path: string[]) => join(copy, 'sandbox', ...path);
afterAll(() => rmSync(copy, { recursive: true }));

beforeEach(() => {
  rmSync(copy, { recursive: true });
  cpSync(PACKAGE, join(copy, 'sandbox'), {
    recursive: true,
    filter: (path) => !/\/(dist|node_modules)$/.test(path),
  });
  // The stylesheet and the script of every page: `npm run build` made them.
  symlinkSync(join(PACKAGE, 'dist'), inCopy('dist'));
  for (const name of ['node_modules', 'server', 'test', 'ui', 'package.json'])
    symlinkSync(join(PROJECT, name), join(copy, name));
  cpSync(join(PROJECT, 'tsconfig.json'), join(copy, 'tsconfig.json'));
  writeFileSync(
    join(copy, 'tsconfig.source.json'),
    JSON.stringify({ extends: './tsconfig.json', include: ['sandbox/src'] }),
  );
});

function deleteService(name: string): void {
  for (const folder of FOLDERS) rmSync(inCopy(folder, name), { recursive: true, force: true });
  const list = inCopy('src/services.ts');
  const lines = readFileSync(list, 'utf8').split('\n');
  const others = lines.filter((line) => !new RegExp(`^(import )?.*\\b${name}\\b.*[,;]`).test(line));
  expect(lines.length - others.length).toBe(2);
  writeFileSync(list, others.join('\n'));
}

function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(PROJECT, 'node_modules', program), ...args],
    { cwd: copy, encoding: 'utf8' },
  );
  return status === 0 ? 'fine' : `${stdout}${stderr}`;
}

// Several threads would each find out again what most types are.
const typeCheck = () =>
  run('typescript/bin/tsc', '--noEmit', '--singleThreaded', '--project', 'tsconfig.source.json');

describe('the sandbox', () => {
  it.each([
    [['zoom']],
    [['portal']],
    // The portal is of Zocks, so that it goes with it.
    [['portal', 'zocks']],
  ])('without %j compiles and passes the tests of Zendesk', { timeout: 120_000 }, (names) => {
    for (const name of names) deleteService(name);
    expect(typeCheck()).toBe('fine');
    const tests = CORE_TESTS.map((name) => `sandbox/test/${name}.test.ts`);
    expect(run('vitest/vitest.mjs', 'run', '--maxWorkers=1', ...tests)).toBe('fine');
  });

  it('does not compile with the folder gone and the line left', { timeout: 60_000 }, () => {
    rmSync(inCopy('src/services/zoom'), { recursive: true });
    expect(typeCheck()).toContain('services/zoom/service.ts');
  });
});
