import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openChromium, signIn } from '../../../support/browser/open-chromium.ts';
import { startShop, type Shop } from '../../../support/start-shop.ts';

/** “What just happened”, as a visitor reads it. */
describe.runIf(hasChromium())('the timeline in a browser', { timeout: 120_000 }, () => {
  let shop: Shop;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let owner: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    shop = await startShop({ bot: { onStart: async () => {} } });
    chromium = await openChromium();
    owner = await chromium.newVisitor();
    await owner.grantPermissions(['clipboard-read', 'clipboard-write']);
    const { browser, statusUrl } = await shop.install();
    await signIn(owner, browser);
    page = await owner.newPage();
    await page.goto(statusUrl);
  });
  afterAll(async () => {
    await chromium.close();
    await shop.close();
  });

  const trace = (title: string) =>
    page.locator('.traces > li', { has: page.getByText(title, { exact: true }) });
  const stepsOf = (title: string) => trace(title).locator('.trace-steps');

  it('opens with the newest trace, and its calls on demand', async () => {
    await page.getByText('The code was exchanged for an access token').waitFor();
    expect(await page.locator('.traces > li > details[open]').count()).toBe(1);
    await page.getByText('/sc/oauth/token').click();
    await page.getByText('"client_secret": "•••"').waitFor();
  });

  it('copies a call as curl, with variables in place of secrets', async () => {
    const step = page.locator('.call', { hasText: '/sc/oauth/token' });
    await step.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByText('Copied', { exact: true }).waitFor({ state: 'attached' });
    const copied = await page.evaluate('navigator.clipboard.readText()');
    expect(copied).toContain('curl -X POST');
    expect(copied).toContain('$CLIENT_SECRET');
  });

  it('is worked with the keyboard alone', async () => {
    const summary = page.locator('.trace > summary').first();
    await summary.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.trace').first().getAttribute('open')).toBeNull();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const focused = await page.evaluate('document.activeElement?.textContent');
    expect(focused).toContain('beginInstall');
  });

  it('gets new traces on top and leaves open what the visitor opened', async () => {
    await page.getByText('Live', { exact: true }).waitFor();
    const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
    shop.zendesk.sendCustomerMessage({ conversationId, text: 'where is my order?' });
    await trace('“where is my order?”').waitFor();
    expect(await page.locator('.trace-title').first().textContent()).toBe('“where is my order?”');
    expect(await stepsOf('“where is my order?”').isVisible()).toBe(false);
    expect(await page.getByText('"client_secret": "•••"').isVisible()).toBe(true);
    await trace('“where is my order?”').locator('summary').first().click();
    await page.getByText('The bot is in control, so onMessage answers.').waitFor();
    await page.getByText('/conversations/').last().click();
    const copy = stepsOf('“where is my order?”').getByRole('button', { name: 'Copy as curl' });
    expect(await copy.last().isVisible()).toBe(true);
  });

  it('leads to the function that did it', async () => {
    await stepsOf('“where is my order?”').getByRole('link', { name: 'onMessage' }).click();
    await page.getByRole('heading', { name: 'server/bot/on-message.ts' }).waitFor();
    expect(page.url()).toMatch(/#function$/);
    expect(await page.locator('.source :target').textContent()).toContain('onMessage');
    await page.goBack();
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 360, height: 900 });
    for (const address of [page.url(), `${shop.url}/source/server/bot/on-message.ts`]) {
      await page.goto(address);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    }
  });

  it('left nothing in the console', () => {
    expect(chromium.complaints).toEqual([]);
  });
});
