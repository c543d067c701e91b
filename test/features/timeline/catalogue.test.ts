import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../server/features/timeline/steps/catalogue.ts';
import {
  documentationOf,
  type CatalogueEntry,
} from '../../../server/features/timeline/steps/documentation.ts';
import { findDeclaration } from '../../../server/features/timeline/steps/source.ts';
import { findProjectRoot } from '../../../server/config/env-file.ts';

const root = findProjectRoot();
const entries = Object.entries<CatalogueEntry>(catalogue);
/** Of a feature that was deleted nothing happens. */
const isThere = ([, { file }]: (typeof entries)[number]) =>
  !file.startsWith('server/features/') || existsSync(join(root, dirname(file)));

describe('the catalogue of steps', () => {
  it.each(entries.filter(isThere))('names a function that exists for %s', async (_key, entry) => {
    const lines = (await readFile(join(root, entry.file), 'utf8')).split('\n');
    expect(lines[findDeclaration(lines, entry.functionName)]).toContain(entry.functionName);
  });

  it('knows every operation we call, but the one that ends an installation and its traces', async () => {
    const paths = await readdir(join(root, 'server'), { recursive: true });
    const readAll = async (folder: string) => {
      const files = paths.filter((path) => path.startsWith(folder) && path.endsWith('.ts'));
      const texts = files.map((file) => readFile(join(root, 'server', file), 'utf8'));
      return (await Promise.all(texts)).join('\n');
    };
    const calls = [
      ...(await readAll('zendesk/')).matchAll(/(?:[cC]all\w*\(|operation: )'(\w+)'/g),
      ...(await readAll('features/')).matchAll(/client\s*\.call\(\s*'(\w+)'/g),
    ];
    expect(calls.length).toBeGreaterThan(10);
    const unknown = calls.map(([, name = '']) => name).filter((name) => !(name in catalogue));
    expect(unknown).toEqual(['RevokeAccess']);
  });

  it('links to Zendesk’s developer documentation and nowhere else', () => {
    for (const [key, { guide }] of entries) {
      const page = documentationOf(key, guide);
      if (page === null) expect(key).toMatch(/^[a-z]/);
      else
        expect(page.href).toMatch(
          /^https:\/\/developer\.zendesk\.com\/(documentation|api-reference)\/conversations\//,
        );
    }
  });
});

describe('the line that begins a function', () => {
  const lines = [
    '  beginning();',
    'export async function begin(core: Core) {',
    'const later = begin();',
    'export const onMessage: OnMessage = async () => {};',
    '  function parse<Value>(text: string) {',
    '    async send(to: string) {',
    '    list: () => call(),',
    '    listAll(id: string) {',
  ];
  it.each([
    ['begin', 1],
    ['later', 2],
    ['onMessage', 3],
    ['parse', 4],
    ['send', 5],
    ['list', 6],
    ['listAll', 7],
    ['call', -1],
    ['beginning', -1],
    ['on', -1],
    ['core', -1],
    ['.*', -1],
  ])('of the name %s is %i', (name, index) => {
    expect(findDeclaration(lines, name)).toBe(index);
  });
});
