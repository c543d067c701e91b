import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProjectRoot } from '../server/config/env-file.ts';
import { features } from '../server/features.ts';
import { readDeletions } from './support/deletions.ts';
import { readImports } from './support/imports.ts';

const root = findProjectRoot();

/** Every import of a TypeScript file below a folder, as paths from the project's folder. */
async function listImports(folder: string) {
  const entries = await readdir(join(root, folder), { recursive: true });
  const files = entries.filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`);
  const found = await Promise.all(
    files.map(async (file) =>
      readImports(await readFile(join(root, file), 'utf8'))
        .filter(({ from }) => from.startsWith('.'))
        .map(({ from }) => ({ file, from: posix.join(dirname(file), from) })),
    ),
  );
  return found.flat();
}

const SEAM = new Set(
  ['feature', 'attempt', 'cards', 'stand-in'].map((name) => `server/features/${name}.ts`),
);
const isBeyondSeam = (path: string) => path.startsWith('server/features/') && !SEAM.has(path);
/** What several of them use. */
const SHARED = 'shared';
const isOfFeature = (path: string) =>
  /^server\/features\/[^/]+\//.test(path) && featureOf(path) !== SHARED;
const featureOf = (path: string) => path.split('/')[2];
const spell = ({ file, from }: { file: string; from: string }) => `${file} → ${from}`;

/** What partners write for their bot is there, too. */
const isOfBot = (file: string) => file.startsWith('test/bot/');

it('no test but those of the bot itself looks at the bot that partners edit', async () => {
  const imports = await listImports('test');
  // For tests of partners, these begin with what their bot declares.
  const isTheirs = (file: string) => isOfBot(file) || file.includes('/fake-');
  const wrong = imports.filter(
    ({ file, from }) => from.startsWith('server/bot/') && !isTheirs(file),
  );
  expect(wrong.map(spell)).toEqual([]);
});

describe('a feature is a folder that can be deleted:', () => {
  it('the core imports nothing of a feature; the list of them is in features.ts', async () => {
    const imports = await listImports('server');
    expect(imports.length).toBeGreaterThan(500);
    const wrong = imports.filter(
      ({ file, from }) =>
        isBeyondSeam(from) && !isBeyondSeam(file) && file !== 'server/features.ts',
    );
    expect(wrong.map(spell)).toEqual([]);
  });

  it('no feature imports another one, and what several use imports none', async () => {
    const imports = await listImports('server/features');
    const wrong = imports.filter(
      ({ file, from }) => isOfFeature(from) && featureOf(file) !== featureOf(from),
    );
    expect(wrong.map(spell)).toEqual([]);
  });

  it('every test that imports something of it goes with it, but for those of the bot', async () => {
    const lists = readDeletions(await readFile(join(root, 'docs/make-it-yours.md'), 'utf8'));
    const goesWith = (feature: string | undefined, file: string) =>
      lists
        .get(feature ?? '')
        ?.some(
          ({ path, what }) =>
            what === 'all' && `${file}/`.startsWith(`${path.replace(/\/$/, '')}/`),
        );
    const findWrong = (imports: Awaited<ReturnType<typeof listImports>>) =>
      imports.filter(
        ({ file, from }) =>
          (/^test\/features\/[^/]+\//.test(from) || isOfFeature(from)) &&
          !isOfBot(file) &&
          goesWith(featureOf(from), file) !== true,
      );
    expect(findWrong(await listImports('test')).map(spell)).toEqual([]);
    // Of docs/memory.md: such fakes are made for partners.
    const file = 'test/bot/last-order.test.ts';
    expect(findWrong([{ file, from: 'test/features/memory/fake-memory.ts' }])).toEqual([]);
  });

  it('its pages include no view, and need no rule, of another one', async () => {
    const names = features.map(({ name }) => name);
    const ownerOf = (path: string) => names.find((name) => path.startsWith(name)) ?? 'core';
    const views = (await readdir(join(root, 'views'), { recursive: true })).filter((path) =>
      path.endsWith('.ejs'),
    );
    const sheets = (await readdir(join(root, 'public'), { recursive: true })).filter((path) =>
      path.endsWith('.css'),
    );
    const styledBy = new Map<string, Set<string>>();
    for (const sheet of sheets) {
      const css = await readFile(join(root, 'public', sheet), 'utf8');
      for (const [, name = ''] of css.matchAll(/\.([a-z][\w-]*)/g))
        styledBy.set(name, (styledBy.get(name) ?? new Set()).add(ownerOf(sheet)));
    }
    const wrong: string[] = [];
    for (const view of views) {
      const isForeign = (owner: string) => owner !== 'core' && owner !== ownerOf(view);
      const text = await readFile(join(root, 'views', view), 'utf8');
      for (const [, path = ''] of text.matchAll(/include\('([^']+)'/g)) {
        const included = posix.join(dirname(view), path);
        if (isForeign(ownerOf(included))) wrong.push(`${view} includes ${included}`);
      }
      for (const name of text.match(/(?<=class="[^"]*)[a-z][\w-]*(?=[^"]*")/g) ?? []) {
        const owners = [...(styledBy.get(name) ?? [])];
        if (owners.length > 0 && owners.every(isForeign))
          wrong.push(`${view} has .${name}, which is in ${owners.join()}.css`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('the lines of features.ts that have its name are its own', async () => {
    const lines = (await readFile(join(root, 'server/features.ts'), 'utf8')).split('\n');
    const lists = readDeletions(await readFile(join(root, 'docs/make-it-yours.md'), 'utf8'));
    const isOf = (line: string, name: string) =>
      line.startsWith(`import { ${name} } from`) || line.startsWith(`  ${name},`);
    const names = [...lists.values()]
      .flat()
      .flatMap(({ path, words }) => (path === 'server/features.ts' ? words : []));
    expect(names.length).toBeGreaterThan(20);
    const wrong = names.flatMap((name) =>
      lines.filter((line) => line.includes(name) && !isOf(line, name)),
    );
    expect(wrong).toEqual([]);
  });

  it('the folders are those of the list', async () => {
    const folders = await readdir(join(root, 'server/features'), { withFileTypes: true });
    const names = folders
      .filter((entry) => entry.isDirectory() && entry.name !== SHARED)
      .map(({ name }) => name);
    expect(names.toSorted()).toEqual(features.map(({ name }) => name).toSorted());
  });
});
