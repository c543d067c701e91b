import { parse } from 'node-html-parser';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openChromium, signIn } from '../support/browser/open-chromium.ts';
import { startShop, type Shop } from '../support/start-shop.ts';
import { insertEvent } from '../support/store/insert-event.ts';

const ZONE = 'Asia/Tokyo';

/** What every page of the app owes its visitors, whatever it is about. */
describe.runIf(hasChromium())('the pages of the app', { timeout: 120_000 }, () => {
  let shop: Shop;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let visitor: BrowserContext;
  let page: Page;
  let statusUrl: string;
  let installationId: string;

  beforeAll(async () => {
    shop = await startShop();
    chromium = await openChromium();
    visitor = await chromium.newVisitor({ timezoneId: ZONE });
    const installed = await shop.install();
    ({ statusUrl, id: installationId } = installed);
    await signIn(visitor, installed.browser);
    page = await visitor.newPage();
  });
  afterAll(async () => {
    await chromium.close();
    await shop.close();
  });

  it.each([
    ['/', 'A bot for your Zendesk messaging'],
    ['/nowhere', 'Page not found'],
    ['/oauth?error=access_denied', 'Access was denied'],
    ['{status}', 'Acme Outdoor'],
  ])('%s is titled', async (path, title) => {
    const address = new URL(path.replace('{status}', statusUrl), shop.url).href;
    const response = await visitor.request.get(address);
    const found = parse(await response.text()).querySelector('head > title');
    expect(found?.text).toBe(`${title} · Shopkeeper`);
  });

  it('keep focus visible in forced colours', async () => {
    await page.goto(`${statusUrl}/manage`);
    await page.emulateMedia({ forcedColors: 'active' });
    await page.getByRole('button', { name: 'Send a test message' }).focus();
    await page.keyboard.press('Shift+Tab');
    const outline: unknown = await page.evaluate(
      'getComputedStyle(document.activeElement).outlineStyle',
    );
    expect(outline).toBe('solid');
    await page.emulateMedia({ forcedColors: 'none' });
  });

  it('send a form once, however often its button is pressed', async () => {
    const tab = await visitor.newPage();
    await tab.goto(`${statusUrl}/manage`);
    const sent: string[] = [];
    visitor.on('request', (request) => {
      if (request.method() === 'POST') sent.push(request.url());
    });
    // Its answer goes to another tab, so that the page stays for the second press.
    const button = tab.getByRole('button', { name: 'Send a test message' });
    await tab.evaluate('document.querySelector("[action$=test-message]").target = "_blank"');
    const answer = visitor.waitForEvent('page');
    await button.click();
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await button.click({ force: true });
    await button.press('Enter');
    await (await answer).getByRole('status').filter({ hasText: 'test message' }).waitFor();
    expect(sent).toEqual([`${statusUrl}/test-message`]);
    for (const extra of visitor.pages()) if (extra !== page) await extra.close();
  });

  it('say a time exactly on hover, in the zone of the visitor', async () => {
    await page.goto(statusUrl);
    const time = page.locator('.account-head time');
    const at = new Date((await time.getAttribute('datetime')) ?? '');
    const exact = new Intl.DateTimeFormat('en', {
      dateStyle: 'medium',
      timeStyle: 'medium',
      timeZone: ZONE,
    }).format(at);
    const plain = (text: string | null) => text?.replaceAll(/\s/g, ' ');
    expect(plain(await time.getAttribute('title'))).toBe(plain(exact));
  });

  it('are printed whole, with what scrolls on a screen', async () => {
    const payload = JSON.stringify({ lines: Array.from({ length: 100 }, (_, n) => n) });
    const event = { event_id: 'long', state: 'done', received_at: Date.now(), payload } as const;
    await insertEvent(shop.database, { installation_id: installationId, ...event });
    await page.goto(`${statusUrl}/events/long`);
    const measure =
      '(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(document.querySelector(".payload"))';
    expect(Number(await page.evaluate(measure))).toBeGreaterThan(0);
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate(measure)).toBe(0);
    await page.emulateMedia({ media: 'screen' });
  });

  it('leave nothing in the console', () => {
    expect(chromium.complaints).toEqual([]);
  });

  it('stay recognisable as the sandbox while they scroll, over there', async () => {
    await page.setViewportSize({ width: 640, height: 400 });
    await page.goto(`${shop.sandbox.url}/faults`);
    await page.getByRole('button', { name: 'Arm' }).last().scrollIntoViewIfNeeded();
    expect(Number(await page.evaluate('scrollY'))).toBeGreaterThan(0);
    const badge = await page.getByRole('link', { name: 'Sandbox', exact: true }).boundingBox();
    expect(badge?.y).toBeGreaterThanOrEqual(0);
  });
});
