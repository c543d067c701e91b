import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../../support/browser/browser.ts';
import { hasChromium, openChromium, signIn } from '../../support/browser/open-chromium.ts';
import { startProxy } from '../../support/network/start-proxy.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

/** One more than the connections a browser opens to a site over HTTP/1.1. */
const PAGES = 7;

/** What a browser tells a page whose tab is in the background, or in front again. */
const setHidden = (page: Page, hidden: boolean) =>
  page.evaluate(`(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${hidden} });
    document.dispatchEvent(new Event('visibilitychange'));
  })()`);

describe.runIf(hasChromium())('pages that are left open', { timeout: 120_000 }, () => {
  let shop: Shop;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let browser: Browser;
  let statusPath: string;
  let id: string;
  let visitor: BrowserContext;
  const closings: (() => void)[] = [];

  beforeAll(async () => {
    shop = await startShop();
    chromium = await openChromium();
    const installed = await shop.install();
    ({ id, browser } = installed);
    statusPath = new URL(installed.statusUrl).pathname;
  });
  beforeEach(async () => {
    visitor = await chromium.newVisitor();
    await signIn(visitor, browser);
  });
  afterEach(async () => {
    await visitor.close();
    for (const close of closings.splice(0)) close();
  });
  afterAll(async () => {
    await chromium.close();
    await shop.close();
  });

  async function proxy(target: string, options: { holdsStreams?: boolean } = {}) {
    const started = await startProxy({ target, ...options });
    closings.push(started.close);
    return started;
  }

  async function open(url: string): Promise<Page> {
    const page = await visitor.newPage();
    await page.goto(url);
    return page;
  }

  /** With its log in view. */
  async function openAccount(url: string): Promise<Page> {
    const page = await open(`${url}${statusPath}`);
    await page.getByText('Activity log').click();
    return page;
  }

  it('never take all of a browser’s connections, and each hears the news', async () => {
    const { url, streams } = await proxy(shop.url);
    const pages: Page[] = [];
    for (let n = 0; n < PAGES; n += 1) {
      const page = await openAccount(url);
      await page.getByText('Live', { exact: true }).waitFor();
      pages.push(page);
    }
    expect(streams()).toBeLessThanOrEqual(3);
    await shop.notes.add(id, 'test', 'Heard on every page.');
    for (const page of pages) {
      await page.getByRole('list').getByText('Heard on every page.').waitFor();
    }
  });

  it('of the sandbox never do either', async () => {
    const { url, streams } = await proxy(shop.sandbox.url);
    const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
    const address = `${url}/accounts/acme/agent/conversations/${conversationId}`;
    const pages: Page[] = [];
    for (let n = 0; n < PAGES; n += 1) pages.push(await open(address));
    await expect.poll(streams).toBeGreaterThan(0);
    await expect.poll(streams).toBeLessThanOrEqual(3);
    shop.zendesk.sendCustomerMessage({ conversationId, text: 'Is anybody there?' });
    for (const page of pages) {
      await page.getByRole('log').getByText('Is anybody there?', { exact: true }).waitFor();
    }
  });

  it('let go of their stream while nobody sees them, and catch up when shown', async () => {
    const app = await proxy(shop.url);
    const sandbox = await proxy(shop.sandbox.url);
    const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
    const status = await openAccount(app.url);
    const desk = await open(`${sandbox.url}/accounts/acme/agent/conversations/${conversationId}`);
    const count = () => [app.streams(), sandbox.streams()];
    await expect.poll(count).toEqual([1, 1]);
    for (const page of [status, desk]) await setHidden(page, true);
    await expect.poll(count).toEqual([0, 0]);
    await shop.notes.add(id, 'test', 'While nobody looked.');
    shop.zendesk.sendCustomerMessage({ conversationId, text: 'Hello out there' });
    for (const page of [status, desk]) await setHidden(page, false);
    await status.getByRole('list').getByText('While nobody looked.').waitFor();
    await desk.getByRole('log').getByText('Hello out there', { exact: true }).waitFor();
    expect(count()).toEqual([1, 1]);
  });

  it('ask for the news where a proxy holds streams back', async () => {
    const app = await proxy(shop.url, { holdsStreams: true });
    const sandbox = await proxy(shop.sandbox.url, { holdsStreams: true });
    const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
    const status = await openAccount(app.url);
    const desk = await open(`${sandbox.url}/accounts/acme/agent/conversations/${conversationId}`);
    await status.getByText('Live', { exact: true }).waitFor();
    await expect.poll(() => [app.streams(), sandbox.streams()]).toEqual([0, 0]);
    await shop.notes.add(id, 'test', 'In spite of the proxy.');
    shop.zendesk.sendCustomerMessage({ conversationId, text: 'Nothing holds me' });
    await status.getByRole('list').getByText('In spite of the proxy.').waitFor();
    await desk.getByRole('log').getByText('Nothing holds me', { exact: true }).waitFor();
  });

  it('say so when the account is gone, and ask no more', async () => {
    const status = await open(`${shop.url}${statusPath}`);
    await status.getByText('Live', { exact: true }).waitFor();
    await visitor.clearCookies();
    await setHidden(status, true);
    await setHidden(status, false);
    await status.getByText('Ended', { exact: true }).waitFor();
  });
});
