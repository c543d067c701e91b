import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './read-pages.ts';
import type { WrittenExample } from './write-examples.ts';

/** These declare a part of other modules' types, and what a provider of an example declares has to fit them. */
const DECLARING = ['server/features', 'test/support', 'test/bot', 'test/features/connections'];

/** What the compiler says of the examples in a folder, with the lines of their pages; empty: nothing. */
export function checkTypes(folder: string, written: readonly WrittenExample[]): string {
  const config = join(folder, 'tsconfig.json');
  const toRoot = relative(folder, root).replaceAll('\\', '/');
  const include = ['*.ts', ...DECLARING.map((path) => `${toRoot}/${path}`)];
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
