import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './read-pages.ts';
import type { Example } from './find-examples.ts';
import type { WrittenExample } from './write-examples.ts';

/** These declare a part of other modules' types. */
const DECLARING = ['server/features', 'test/support'];
/** What an example declares partners declare, too, and check their project: no test of it may mind. */
const MINDING = ['test'];

/** What extends the project's types extends them for every file of its program. */
export const extendsTypes = (examples: readonly Example[]): boolean =>
  examples.some(({ code }) => /^declare module/m.test(code));

/** What the compiler says of the examples in a folder, with the lines of their pages; empty: nothing. */
export function checkTypes(folder: string, written: readonly WrittenExample[]): string {
  const config = join(folder, 'tsconfig.json');
  const toRoot = relative(folder, root).replaceAll('\\', '/');
  const others = [...DECLARING, ...(extendsTypes(written) ? MINDING : [])];
  const include = ['*.ts', ...others.map((path) => `${toRoot}/${path}`)];
  writeFileSync(config, JSON.stringify({ extends: `${toRoot}/tsconfig.json`, include }));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    // Several threads would each find out again what most types are.
    [compiler, '--project', config, '--singleThreaded', '--pretty', 'false'],
    // It ends before collecting garbage would be worth its while.
    { cwd: folder, encoding: 'utf8', env: { ...process.env, GOGC: 'off' } },
  );
  if (status === 0) return '';
  const said = `${stdout}${stderr}` || `The compiler ended with ${status}.`;
  return said.replace(
    /^(.+)\((\d+),(\d+)\)/gm,
    (place, name: string, row: string, column: string) => {
      const example = written.find(({ file }) => relative(folder, file) === name);
      return example ? `${example.page}:${example.line + Number(row) - 1}:${column}` : place;
    },
  );
}
