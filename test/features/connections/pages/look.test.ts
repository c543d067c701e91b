import { parse } from 'node-html-parser';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openChromium, signIn } from '../../../support/browser/open-chromium.ts';
import { startShop, type Shop } from '../../../support/start-shop.ts';

describe.runIf(hasChromium())('the pages of connections', { timeout: 120_000 }, () => {
  let shop: Shop;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let visitor: BrowserContext;
  let page: Page;
  let statusUrl: string;

  beforeAll(async () => {
    shop = await startShop();
    chromium = await openChromium();
    visitor = await chromium.newVisitor();
    const installed = await shop.install();
    ({ statusUrl } = installed);
    await signIn(visitor, installed.browser);
    page = await visitor.newPage();
  });
  afterAll(async () => {
    await chromium.close();
    await shop.close();
  });

  it.each([
    ['connections', 'Connections'],
    ['connections/new', 'New connection'],
    ['connections/new?provider=zoom&authType=custom', 'New connection'],
    ['oauth-clients', 'OAuth clients'],
    ['oauth-clients/new', 'New OAuth client'],
  ])('%s is titled', async (path, title) => {
    const response = await visitor.request.get(`${statusUrl}/${path}`);
    const found = parse(await response.text()).querySelector('head > title');
    expect(found?.text).toBe(`${title} · Shopkeeper`);
  });

  async function addClient(name: string): Promise<void> {
    await page.goto(`${statusUrl}/oauth-clients/new`);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Client id').fill('id-of-the-client');
    await page.getByLabel('Client secret').fill('secret-of-the-client');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(`“${name}” was saved.`).waitFor();
  }

  it('say what is deleted before it is, without JavaScript too', async () => {
    await addClient('Spare app');
    const plain = await chromium.newVisitor({ javaScriptEnabled: false });
    await plain.addCookies((await visitor.storageState()).cookies);
    const tab = await plain.newPage();
    await tab.goto(`${statusUrl}/oauth-clients`);
    await tab.getByRole('link', { name: 'Spare app' }).click();
    const button = tab.getByRole('button', { name: 'Delete the OAuth client' });
    expect(await button.isVisible()).toBe(false);
    await tab.getByText('Delete Spare app…').focus();
    await tab.keyboard.press('Enter');
    await tab.getByText('This cannot be undone').waitFor();
    await button.press('Enter');
    await tab.getByText('No OAuth clients yet').waitFor();
    await plain.close();
  });

  it('leave nothing in the console', () => {
    expect(chromium.complaints).toEqual([]);
  });
});
