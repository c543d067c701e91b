import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { features } from '../../server/features.ts';
import { apply, readDeletions } from '../support/deletions.ts';
import { listFiles, readText, root } from './support/read-pages.ts';

/** What is set around the app. */
const SETTINGS = ['.env.example', 'compose.yaml', 'render.yaml', 'Caddyfile'].filter((path) =>
  existsSync(join(root, path)),
);
/** What belongs to a feature, and is no variable that it declares. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  health: ['/readyz'],
  postgres: ['DATABASE_URL', 'DATABASE_DIRECT_URL'],
  sandbox: ['SANDBOX', 'local sandbox'],
};
const page = readText('docs/make-it-yours.md');
const lists = readDeletions(page);
/** Each package that the page has one uninstall, and without which feature. */
const uninstalled = page
  .split(/^### /m)
  .flatMap((section) =>
    [...section.matchAll(/`npm uninstall (\S+)`/g)].map(
      ([, name = '']) => [name, section.slice(0, section.indexOf('\n'))] as const,
    ),
  );

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shopkeeper-settings-'));
  for (const path of SETTINGS) await copyFile(join(root, path), join(folder, path));
});
afterEach(() => rm(folder, { recursive: true }));

describe('docs/make-it-yours.md', () => {
  it('says where to rename what messages and cookies are called', () => {
    const filesWith = (words: RegExp) =>
      listFiles('server').filter((path) => words.test(readText(path)));
    const renaming = page.slice(page.indexOf('## Rename it'));
    const named = [...renaming.matchAll(/`(server\/[^`]+\.ts)`/g)].map(([, path = '']) => path);
    const files = [...filesWith(/ownCookie\([^)]*, 'shopkeeper/), ...filesWith(/shopkeeperReply/)];
    expect(files.toSorted()).toEqual(named.toSorted());
  });

  it.each(uninstalled)('has %s not needed by what is left without %s', (name, feature) => {
    const gone = (lists.get(feature) ?? []).filter(({ what }) => what === 'all');
    const files = ['server', 'test', 'bench'].flatMap(listFiles);
    const needing = files.filter((path) => readText(path).includes(` from '${name}';`));
    expect(needing.filter((path) => !gone.some((one) => path.startsWith(one.path)))).toEqual([]);
  });

  it('names whatever waits for the readiness that goes with health', () => {
    const files = ['.ci', 'bench', 'test/support'].flatMap(listFiles);
    const waiting = files.filter((path) => readText(path).includes('/readyz'));
    expect(waiting.filter((path) => !page.includes(`\`${path}\``))).toEqual([]);
  });

  it('renames the project wherever it is more than a sentence of the documentation', () => {
    const [, named = ''] = /^grep -rlw Shopkeeper (.+?) \|/m.exec(page) ?? [];
    const having = ['.ci', 'bench', 'public', 'scripts', 'server', 'test', 'ui', 'views'].filter(
      (name) => listFiles(name).some((path) => /\bShopkeeper\b/.test(readText(path))),
    );
    expect(named.split(' ').toSorted()).toEqual(having);
  });

  const needed = features.map(({ name, environment }) => ({
    name,
    words: [...Object.keys(environment?.variables ?? {}), ...(ALSO[name] ?? [])],
  }));

  it.each(needed.filter(({ words }) => words.length > 0))(
    'leaves nothing set or asked for that is gone with $name',
    async ({ name, words }) => {
      for (const deletion of lists.get(name) ?? [])
        if (SETTINGS.includes(deletion.path)) await apply(folder, deletion);
      const left = SETTINGS.map((path) => join(folder, path)).filter((path) => existsSync(path));
      const texts = await Promise.all(left.map((path) => readFile(path, 'utf8')));
      expect(words.filter((word) => texts.some((text) => text.includes(word)))).toEqual([]);
    },
  );
});
