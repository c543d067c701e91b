import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertEvent } from '../../support/store/insert-event.ts';
import { expectAccessible } from '../../support/browser/expect-accessible.ts';
import { hasChromium, openChromium, signIn } from '../../support/browser/open-chromium.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

/** What an owner does with events and with the data, through a real browser. */
describe.runIf(hasChromium())('the pages in a browser', { timeout: 120_000 }, () => {
  let shop: Shop;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let owner: BrowserContext;
  let page: Page;
  let statusUrl: string;

  beforeAll(async () => {
    shop = await startShop({ worker: { parallel: 0 } });
    chromium = await openChromium();
    owner = await chromium.newVisitor();
    const installed = await shop.install();
    ({ statusUrl } = installed);
    await signIn(owner, installed.browser);
    page = await owner.newPage();
    await page.goto(statusUrl);
  });
  afterAll(async () => {
    await chromium.close();
    await shop.close();
  });

  /** One event of each kind, and enough of them for a second page. */
  async function fill(): Promise<void> {
    const installation_id = statusUrl.split('/').at(-1) ?? '';
    const now = Date.now();
    for (let minute = 55; minute > 0; minute -= 1) {
      const at = now - minute * 60_000;
      await insertEvent(shop.database, {
        installation_id,
        event_id: `event-${minute}`,
        conversation_key: `${installation_id}/conversation-${minute % 7}`,
        payload: JSON.stringify({ text: `message ${minute}`, accessToken: 'hide-me' }),
        state: minute % 9 === 0 ? 'failed' : 'done',
        attempts: minute % 9 === 0 ? 8 : 1,
        note: minute % 9 === 0 ? 'Given up after 8 attempts: status 500' : 'Message answered',
        received_at: at,
        settled_at: at,
      });
    }
  }

  it('says on every page when there is nothing yet', async () => {
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await page.getByText('No events yet').waitFor();
    await page.getByText('Nothing arrived in the last hour.').waitFor();
  });

  it('lists what arrived, with a chart that has words as well', async () => {
    await fill();
    await page.reload();
    await page.getByRole('img', { name: 'Events that arrived in each minute' }).waitFor();
    await page.getByText('6 events have failed.').waitFor();
    await page.getByRole('link', { name: 'Older' }).click();
    await page.getByRole('link', { name: 'Newest' }).waitFor();
    await expectAccessible(page);
  });

  it('filters, and can be searched for what is not there', async () => {
    await page.getByLabel('State').selectOption('Failed');
    await page.getByLabel('Event or conversation id').fill('conversation-1');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.waitForURL(/state=failed&type=&text=conversation-1/);
    await page.locator('a[href$="/events/event-36"]').waitFor();
    expect(await page.locator('tbody > tr').count()).toBe(1);
    await page.getByLabel('Event or conversation id').fill('nowhere');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByText('No event matches').waitFor();
  });

  it('shows an event with its payload, which can be copied, and replays it', async () => {
    await owner.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${statusUrl}/events/event-36`);
    await page.getByText('8 of 8').waitFor();
    await page.getByRole('button', { name: 'Copy the payload' }).click();
    await page.getByText('Copied').waitFor();
    const copied: unknown = await page.evaluate('navigator.clipboard.readText()');
    expect(JSON.parse(String(copied))).toEqual({ text: 'message 36', accessToken: '[hidden]' });
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByText('The event runs again now.').waitFor();
    await page.getByText('Waiting', { exact: true }).waitFor();
  });

  it('replays all that failed, without JavaScript', async () => {
    const { cookies } = await owner.storageState();
    const plain = await chromium.newVisitor({ javaScriptEnabled: false, width: 360 });
    await plain.addCookies(cookies);
    const tab = await plain.newPage();
    await tab.goto(`${statusUrl}/events`);
    await tab.getByRole('button', { name: 'Replay all failed' }).click();
    await tab.getByText('5 events run again now.').waitFor();
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  it('hands the data out as a file', async () => {
    await page.goto(`${statusUrl}/manage`);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export as JSON' }).click();
    expect((await download).suggestedFilename()).toMatch(/^shopkeeper-acme-.*\.json$/);
  });

  it('deletes the data after it has said what that means', async () => {
    await page.getByRole('link', { name: 'Delete this account’s data…' }).click();
    await page.getByRole('heading', { name: 'What happens at Zendesk' }).waitFor();
    await page.getByRole('button', { name: 'Delete everything of Acme Outdoor' }).click();
    await page.getByText('Everything stored of Acme Outdoor was deleted').waitFor();
    await page.getByText('No accounts yet').waitFor();
  });

  it('left nothing in the console', () => {
    expect(chromium.complaints).toEqual([]);
  });
});
