import { existsSync, readdirSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findAnchors, findLinks } from './support/find-links.ts';
import { listFiles, readPage, readPages, readText, root } from './support/read-pages.ts';

const pages = readPages();
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readText('package.json')));
const folders = ['server', 'sandbox', 'views', 'public', 'ui', 'bench', 'test'];
const sources = folders.flatMap(listFiles);
/** Where a variable or a constant may come from: what runs, and what is set beside it. */
const places = sources.filter((path) => /^(server|sandbox\/src|bench|test\/support)\//.test(path));
const settings = readdirSync(root).filter((name) =>
  /^(\.env\.example|Dockerfile|.*\.ya?ml)$/.test(name),
);
const code = [...places, ...settings].map(readText).join('\n');

/** Why a link leads nowhere; undefined when it leads somewhere. */
function findFault(from: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#', 2);
  const target = path === '' ? from : posix.normalize(posix.join(posix.dirname(from), path));
  if (!existsSync(join(root, target))) return `${link} leads to ${target}, which does not exist`;
  if (anchor === undefined || findAnchors(readPage(target)).includes(anchor)) return undefined;
  return `${link}: ${target} has no such heading`;
}

describe.each(pages)('$path', (page) => {
  const { path, text } = page;

  it('links to pages and headings that exist', () => {
    const faults = findLinks(page).map((link) => findFault(path, link));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });

  it('names commands that package.json has', () => {
    const named = [...text.matchAll(/npm run (?:--\S+ (?:"[^"]*" )?)*([\w-]+)/g)].map(
      ([, name = '']) => name,
    );
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('names variables and constants that the code has', () => {
    // PHP has names of its own in capitals.
    const named =
      text.replace(/^```php\n[\s\S]*?^```$/gm, '').match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ??
      [];
    // Of Node, of systemd's units, and of everybody; and what an example reads itself.
    const ours = named.filter((name) => !/^(NODE_|PHP_|AF_|HTTPS_PROXY$|NO_PROXY$)/.test(name));
    const read = new Set([...text.matchAll(/process\.env\['(\w+)'\]/g)].map(([, name]) => name));
    const isKnown = (name: string) => read.has(name) || new RegExp(`\\b${name}\\b`).test(code);
    expect(ours.filter((name) => !isKnown(name))).toEqual([]);
  });

  it('calls the page of an account by one name', () => {
    expect(text).not.toMatch(/status page/i);
  });

  it('names files that exist', () => {
    const named = [...text.matchAll(/`([\w./-]+\.(?:ts|ejs|json|yaml))`/g)].map(
      ([, name = '']) => name,
    );
    const found = (name: string) =>
      existsSync(join(root, name)) || sources.some((source) => basename(source) === name);
    expect(named.filter((name) => !found(name))).toEqual([]);
  });
});

describe('the findings', () => {
  it('name files that exist', () => {
    const named = listFiles('findings').flatMap((path) =>
      [...readText(path).matchAll(/\b(?:server|sandbox|docs|test)\/[\w./-]*\.(?:ts|md)\b/g)].map(
        ([name]) => name,
      ),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });
});

describe('the documentation', () => {
  it.each([
    ['gone.md', 'which does not exist'],
    ['../README.md#nowhere', 'has no such heading'],
    ['#nowhere', 'has no such heading'],
  ])('may not link to %s', (link, fault) => {
    expect(findFault('docs/README.md', link)).toContain(fault);
  });

  it('lists every page, or its folder, in docs/README.md', () => {
    const index = readPage('docs/README.md');
    const listed = new Set(findLinks(index).map((link) => posix.normalize(`docs/${link}`)));
    const others = pages
      .map(({ path }) => path)
      .filter((path) => path.startsWith('docs/') && !path.endsWith('README.md'));
    const isListed = (path: string) => listed.has(path) || listed.has(`${posix.dirname(path)}/`);
    expect(others.filter((path) => !isListed(path))).toEqual([]);
  });

  it('begins with a README that can be read in one go', () => {
    expect(readText('README.md').split('\n').length).toBeLessThan(150);
  });
});
