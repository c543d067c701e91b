import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../server/', import.meta.url));

interface Import {
  /** Below server/, or a package's name. */
  target: string;
  isTypeOnly: boolean;
  isPackage: boolean;
}

function readImports(source: string, file: string): Import[] {
  return [...source.matchAll(/^(?:import|export) (type )?[^;]*?from '([^']+)';/gm)].map(
    ([, type, specifier = '']) => ({
      target: specifier.startsWith('.')
        ? posix.join(dirname(file).replaceAll('\\', '/'), specifier)
        : specifier,
      isTypeOnly: type !== undefined,
      isPackage: !specifier.startsWith('.'),
    }),
  );
}

/** Imports of a folder's files that the rule does not allow, as `file → target`. */
function findForbidden(folder: string, isAllowed: (one: Import) => boolean): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`);
  expect(files).not.toEqual([]);
  return files.flatMap((file) =>
    readImports(readFileSync(join(root, file), 'utf8'), file)
      .filter((one) => !isAllowed(one))
      .map(({ target }) => `${file} → ${target}`),
  );
}

const isIn =
  (...folders: string[]) =>
  ({ target }: Import) =>
    folders.some((folder) => target.startsWith(`${folder}/`));
const PAGES = ['web', 'installations', 'oauth', 'features', 'commands', 'start'];

describe('the arrows between folders', () => {
  it('lead from bot/ to runtime/types.ts alone, and to packages', () => {
    const isAllowed = (one: Import) =>
      isIn('bot')(one) || one.target === 'runtime/types.ts' || one.isPackage;
    expect(findForbidden('bot', isAllowed)).toEqual([]);
  });

  it('lead from zendesk/ neither to the inbox nor to Express, and to types alone of the store', () => {
    const isForbidden = isIn(
      'inbox',
      'runtime',
      'bot',
      'express',
      ...PAGES.filter((f) => f !== 'oauth'),
    );
    const isAllowed = (one: Import) =>
      one.target !== 'express' && !isForbidden(one) && (!isIn('store')(one) || one.isTypeOnly);
    expect(findForbidden('zendesk', isAllowed)).toEqual([]);
  });

  it('lead from runtime/ and inbox/ to no page, and not to Express', () => {
    const isForbidden = isIn(...PAGES);
    const isAllowed = (one: Import) => one.target !== 'express' && !isForbidden(one);
    expect(findForbidden('runtime', isAllowed)).toEqual([]);
    expect(findForbidden('inbox', isAllowed)).toEqual([]);
  });

  it('are read from imports of every form', () => {
    const source =
      "import type { A } from '../store/schema.ts';\nimport {\n  b,\n  type C,\n} from './b.ts';\nexport { d } from 'express';\n";
    expect(readImports(source, 'inbox/a.ts')).toEqual([
      { target: 'store/schema.ts', isTypeOnly: true, isPackage: false },
      { target: 'inbox/b.ts', isTypeOnly: false, isPackage: false },
      { target: 'express', isTypeOnly: false, isPackage: true },
    ]);
  });
});
