import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { features } from '../../../server/features.ts';
import { createBrowser } from '../../support/browser/browser.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { startShop } from '../../support/start-shop.ts';
import { erased } from './support/erased.ts';
import { kept } from './support/kept.ts';
import { others } from './support/others.ts';
import { retained } from './support/retained.ts';
import { removed } from './support/removed.ts';
import { revoked } from './support/revoked.ts';
import { openStage } from './support/stage.ts';

const PROMISES = {
  ...kept,
  ...erased,
  ...retained,
  ...removed,
  ...revoked,
  ...others,
};

/** The rows of the page's table and the entries of its lists. */
function readSentences(page: string): string[] {
  const main = page.slice(page.indexOf('<h1>'), page.indexOf('<footer'));
  const rows = [...main.matchAll(/<tr><th scope="row">([^<].*?)<\/th><td>(.*?)<\/td><\/tr>/g)];
  const entries = [...main.matchAll(/<li>(.*?)<\/li>/g)];
  return [
    ...rows.map(([, what, howLong]) => `${what}: ${howLong}`),
    ...entries.map(([, sentence = '']) => sentence),
  ];
}

it('every sentence of /privacy has a test, and every test a sentence', async () => {
  // What other features keep, their own tests look after.
  const names = new Set(['sqlite', 'postgres', 'erasure', 'retention', 'privacy', 'revocation']);
  const shop = await startShop({ features: features.filter(({ name }) => names.has(name)) });
  const { text } = await createBrowser().get(`${shop.url}/privacy`);
  await shop.close();
  expect(readSentences(text).toSorted()).toEqual(Object.keys(PROMISES).toSorted());
  const view = await readFile('views/privacy/privacy.ejs', 'utf8');
  // A claim outside of the table and the lists would have none.
  expect(view.match(/<p(?: [^>]*)?>/g)).toEqual(['<p class="lead">']);
});

it('every table is in docs/privacy.md', async () => {
  const page = await readFile('docs/privacy.md', 'utf8');
  const database = await openTestDatabase('sqlite');
  const tables = await database.kysely.introspection.getTables();
  await database.close();
  expect(tables.map(({ name }) => name).filter((name) => !page.includes(`\`${name}\``))).toEqual(
    [],
  );
});

describe.each(engines)('what /privacy promises is so, on %s:', (engine) => {
  it.each(Object.entries(PROMISES))('%s', { timeout: 60_000 }, async (_sentence, prove) => {
    const stage = await openStage(engine);
    try {
      await prove(stage);
    } finally {
      await stage.close();
    }
  });
});
