import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectSoundPage } from '../support/browser/expect-sound-page.ts';
import { hasChromium, openChromium } from '../support/browser/open-chromium.ts';
import { startDemo, type Demo } from './support/start-demo.ts';

describe.runIf(hasChromium())('every page of the public demo', { timeout: 120_000 }, () => {
  let demo: Demo;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let visitor: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    chromium = await openChromium();
  });
  afterAll(() => chromium.close());
  beforeEach(async () => {
    visitor = await chromium.newVisitor();
    page = await visitor.newPage();
  });
  afterEach(async () => {
    await visitor.close();
    await demo.close();
  });

  async function expectSound(site: 'Shopkeeper' | 'Sandbox', status = 200): Promise<void> {
    await expectSoundPage(page, site);
    const expected = `status of ${status} `;
    const unexpected = chromium.complaints.splice(0).filter((text) => !text.includes(expected));
    expect(unexpected).toEqual([]);
  }

  it('is sound, from the first to the last a visitor sees', async () => {
    demo = await startDemo();
    await page.goto(demo.shopUrl);
    await expectSound('Shopkeeper');
    await page.goto(demo.url);
    await expectSound('Sandbox');
    await page.getByRole('button', { name: 'Open my sandbox' }).click();
    await page.getByRole('heading', { name: 'Accounts' }).waitFor();
    await expectSound('Sandbox');
    await page.goto(`${demo.url}/your-sandbox`);
    await expectSound('Sandbox');
    await page.goto(`${demo.shopUrl}/install`);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { level: 1, name: 'Acme Outdoor' }).waitFor();
    await expectSound('Shopkeeper');
    await page.getByRole('link', { name: 'Admin Center', exact: true }).click();
    await expectSound('Sandbox');
    await page.getByRole('link', { name: 'Messenger' }).click();
    await expectSound('Sandbox');
    await page.goto(page.url().replace(/acme-\w+/, `acme-${'a'.repeat(16)}`));
    await expectSound('Sandbox', 404);
  });

  it('says so on a sound page when the sandbox has ended', async () => {
    demo = await startDemo();
    await page.goto(`${demo.url}/accounts/acme/messenger`);
    await page.getByRole('heading', { name: 'This page is in no sandbox of yours' }).waitFor();
    await expectSound('Sandbox', 404);
  });

  it.each([
    ['there is no room', { worlds: 0 }, 'The demo is full', 503],
    ['too many were opened', { newWorldsAnHour: 0 }, 'Too many new sandboxes', 429],
  ])('says so on a sound page when %s', async (_when, limits, heading, status) => {
    demo = await startDemo(limits);
    await page.goto(demo.url);
    await page.getByRole('button', { name: 'Open my sandbox' }).click();
    await page.getByRole('heading', { name: heading }).waitFor();
    await expectSound('Sandbox', status);
  });
});
