import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImports } from '../support/imports.ts';
import { readText, root } from './support/read-pages.ts';

/** The most that a reader should have to open. */
const MOST: Readonly<Record<string, number>> = {
  'One message': 18,
  'One install': 17,
  'One remove': 12,
};

/** They import everything, and say nothing about the way. */
const WIRING = [
  'server/start/start-app.ts',
  'server/shopkeeper.ts',
  'server/inbox/inbox.ts',
  'server/core.ts',
  'server/app.ts',
  'server/zendesk/connect.ts',
  'server/store/create-stores.ts',
  'server/bot/bot.ts',
  'server/installations/routes.ts',
];
/** What takes part in the app's own way; the rest is plumbing, or what partners made of the bot. */
const WAY = /^server\/(?:inbox|runtime|zendesk|installations|oauth)\//;

interface Walk {
  title: string;
  files: string[];
  /** What the sentence about a file names in it, in backticks. */
  names: { file: string; name: string }[];
  beside: string[];
}

/** The sections of the page with a numbered list: its files, and those of the paragraph under it. */
function readWalks(page: string): Walk[] {
  return page
    .split(/^## /m)
    .filter((section) => section.includes('\n1. `'))
    .map((section) => {
      const list = [...section.matchAll(/^\d+\. `(server\/[^`]+)`(.*)$/gm)];
      const paragraph = /^Beside the way: .*$/m.exec(section)?.[0] ?? '';
      return {
        title: section.slice(0, section.indexOf('\n')),
        files: list.map(([, file = '']) => file),
        names: list.flatMap(([, file = '', sentence = '']) =>
          [...sentence.matchAll(/`(\w+)`/g)].map(([, name = '']) => ({ file, name })),
        ),
        beside: [...paragraph.matchAll(/`(server\/[^`]+)`/g)].map(([, file = '']) => file),
      };
    });
}

function importsOf(file: string) {
  return readImports(readFileSync(join(root, file), 'utf8'))
    .filter(({ from }) => from.startsWith('.'))
    .map(({ from, isType }) => ({ isType, from: posix.join(posix.dirname(file), from) }));
}

const walks = readWalks(readText('docs/how-it-works.md'));

it('docs/how-it-works.md has a walk for a message, an install and a remove', () => {
  expect(walks.map(({ title }) => title)).toEqual(Object.keys(MOST));
});

describe.each(walks)('$title', ({ title, files, names, beside }) => {
  it('is short enough to be read, and names each file once', () => {
    expect(files.length).toBeLessThanOrEqual(MOST[title] ?? 0);
    expect(files.length).toBeGreaterThan(5);
    const all = [...files, ...beside];
    expect(all.filter((file, index) => all.indexOf(file) !== index)).toEqual([]);
    expect(all.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('says what to look for in a file by a name that is there', () => {
    const gone = names.filter(
      ({ file, name }) => !new RegExp(`\\b${name}\\b`).test(readText(file)),
    );
    expect(gone).toEqual([]);
  });

  it('leads from file to file: each is imported by another one, or where the parts are put together', () => {
    const importing = [...files, ...WIRING];
    const alone = files.filter(
      (file) =>
        !WIRING.includes(file) &&
        !importing.some((from) => importsOf(from).some((one) => one.from === file)),
    );
    expect(alone).toEqual([]);
  });

  it('leaves out nothing that takes part', () => {
    const known = new Set([...files, ...beside, ...WIRING]);
    // What a walk passes in another one is explained there.
    const elsewhere = new Set(
      walks
        .filter((walk) => walk.title !== title)
        .flatMap(({ files: all, beside: more }) => [...all, ...more]),
    );
    const missing = files
      // It imports every folder's routes.
      .filter((file) => file !== 'server/app.ts')
      .flatMap((file) => importsOf(file).map((one) => ({ file, ...one })))
      .filter(({ isType, from }) => !isType && WAY.test(from) && !known.has(from))
      .filter(({ from }) => title !== 'One remove' || !elsewhere.has(from));
    expect(missing.map(({ file, from }) => `${file} → ${from}`)).toEqual([]);
  });
});
