import { expect } from 'vitest';
import { createBrowser } from '../../../support/browser/browser.ts';
import { readWholeDatabase } from '../../../support/store/read-whole-database.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import type { Promises } from './kept.ts';
import { DAY_MS, MINUTE_MS, type Stage } from './stage.ts';

const NAMES = ['Acme Outdoor', 'a private matter', '"acme"'];

/** Every row of the account but the line that says it was removed. */
export async function expectOneLine(stage: Stage): Promise<void> {
  const rows = await readWholeDatabase(stage.shop.database);
  const about = rows.filter(({ row }) => JSON.stringify(row).includes(stage.id));
  // A browser may still remember where it was.
  const tables = about.map(({ table }) => table).filter((table) => table !== 'sessions');
  expect(tables).toEqual(['activity']);
  const lines = stage.shop.notes.latest(stage.id, 10);
  expect(lines.map(({ kind }) => kind)).toEqual(['removed']);
}

/** What removal deletes. */
export const removed: Promises = {
  'The account’s settings have an export of everything above as one JSON file, without the secrets.':
    async (stage) => {
      await stage.say('a private matter');
      const { text, headers } = await stage.browser.get(`${stage.statusUrl}/export`);
      expect(headers.get('content-type')).toContain('json');
      const { conversationId } = stage.customer;
      for (const part of [...NAMES, 'Message answered', conversationId])
        expect(text, part).toContain(part);
      const [installed] = stage.shop.zendesk.installations();
      for (const secret of [installed?.accessTokens[0], installed?.webhooks[0]?.secret])
        expect(text).not.toContain(String(secret));
    },

  'Disconnecting, or deleting the data in the account’s settings, deletes everything above at once.':
    async (stage) => {
      await stage.say('a private matter');
      const page = await stage.browser.open(`${stage.statusUrl}/delete`);
      await stage.browser.submit(page, '/delete');
      await stage.expectGone('a private matter', '"acme"');
      await expectOneLine(stage);
      const other = await stage.shop.installAndOpen('bloom');
      await other.browser.submit(other.page, '/disconnect');
      expect(await stage.shop.stores.installations.list()).toEqual([]);
    },

  'One line stays for up to 30 days: that the account was removed, and when.': async (stage) => {
    const page = await stage.browser.open(`${stage.statusUrl}/delete`);
    await stage.browser.submit(page, '/delete');
    await expectOneLine(stage);
    await stage.expectKeptFor(30 * DAY_MS, stage.id, 'activity');
  },

  'An installation that was begun and never finished is deleted after a day.': async (stage) => {
    const { shop } = stage;
    const times = 1_000;
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status: 500, times });
    const browser = createBrowser();
    await browser.open(await browser.allow(shop.url, 'old-mill'));
    const states = async () => {
      const all = await shop.stores.installations.list();
      return all.map(({ status }) => status).toSorted();
    };
    expect(await states()).toEqual(['active', 'installing']);
    await stage.laterBy(DAY_MS + MINUTE_MS);
    await waitUntil('it is deleted', async () => (await states()).join('') === 'active');
    expect(shop.zendesk.installations()).toHaveLength(1);
  },
};
