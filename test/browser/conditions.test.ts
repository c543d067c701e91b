import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createGate } from '../support/gate.ts';
import { allowAcme, hasChromium, openChromium, signIn } from '../support/browser/open-chromium.ts';
import { startShop, type Shop } from '../support/start-shop.ts';

/** Shows whatever moves, and answers how long the longest of it does, in milliseconds. */
const MEASURE_MOTION = `(() => {
  document.querySelector('main').insertAdjacentHTML('beforeend',
    '<div class="activity"><ol><li class="arrived">News</li></ol></div>' +
    '<span class="dots"><i></i></span>' +
    '<form aria-busy="true"><button class="button" aria-disabled="true">Send</button></form>');
  const timings = document.getAnimations().map(({ effect }) => effect.getComputedTiming());
  return Math.max(0, ...timings.map(({ activeDuration }) => activeDuration));
})()`;

/** Browsers that do less, show less or get less at a time. */
describe.runIf(hasChromium())('the pages', { timeout: 120_000 }, () => {
  let shop: Shop;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let visitor: BrowserContext;

  beforeAll(async () => {
    shop = await startShop();
    chromium = await openChromium();
  });
  afterEach(() => visitor.close());
  afterAll(async () => {
    await chromium.close();
    await shop.close();
  });

  /** Waits for no script: a page is loaded when its last one has run. */
  async function install(page: Page): Promise<void> {
    await page.goto(`${shop.url}/install`, { waitUntil: 'commit' });
    await allowAcme(page);
  }

  /** As a visitor without scripts looks for news: by the link that asks for it. */
  async function lookFor(page: Page, text: string): Promise<void> {
    await expect
      .poll(
        async () => {
          await page.getByRole('link', { name: 'Look for new messages' }).click();
          return page.getByRole('log').getByText(text).count();
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0);
  }

  async function say(page: Page, label: string, text: string, button: string): Promise<void> {
    await page.getByLabel(label).fill(text);
    await page.getByRole('button', { name: button, exact: true }).click();
  }

  it('tell the whole story without JavaScript', async () => {
    visitor = await chromium.newVisitor({ javaScriptEnabled: false });
    const status = await visitor.newPage();
    await install(status);
    expect(await status.getByRole('button', { name: /^Copy/ }).count()).toBe(0);
    await status.getByRole('link', { name: 'Settings', exact: true }).click();
    await status.getByRole('button', { name: 'Send a test message' }).click();
    await status.getByRole('status').filter({ hasText: 'test message' }).waitFor();
    await status.getByRole('link', { name: 'Overview' }).click();

    const customer = await visitor.newPage();
    await customer.goto(`${shop.sandbox.url}/accounts/acme/messenger`);
    await customer.getByRole('button', { name: 'Start a conversation' }).click();
    await lookFor(customer, 'Hello, I am the shop’s assistant.');
    await say(customer, 'Your message', 'menu', 'Send');
    await lookFor(customer, 'Opening hours');
    await customer.getByRole('button', { name: 'Show hours' }).click();
    await lookFor(customer, 'We are open Monday');
    await say(customer, 'Your message', 'x'.repeat(4_097), 'Send');
    await customer.getByText('cannot be longer than 4096').waitFor();
    await say(customer, 'Your message', 'agent', 'Send');
    const reloadStatus = async () => {
      await status.reload();
      return status.content();
    };
    await expect.poll(reloadStatus, { timeout: 20_000 }).toContain('0 replies, handed over');

    const agent = await visitor.newPage();
    await agent.goto(`${shop.sandbox.url}/accounts/acme/agent`);
    await agent.getByRole('link', { name: /Customer: agent/ }).click();
    await say(agent, 'Your answer', 'A person here', 'Answer');
    await lookFor(customer, 'A person here');
    await agent.getByRole('button', { name: 'Solve' }).click();
    await agent.getByRole('button', { name: 'Take over' }).waitFor();

    await status.reload();
    await status.getByRole('link', { name: /handed over/ }).waitFor();
    await status.getByRole('link', { name: 'Settings', exact: true }).click();
    await status.getByText('Disconnect Acme Outdoor…').click();
    await status.getByRole('button', { name: 'Disconnect and delete' }).click();
    await status.getByText('Acme Outdoor is disconnected.').waitFor();
  });

  it('can be used while their scripts are still on the way, and wake up when they arrive', async () => {
    visitor = await chromium.newVisitor();
    const scripts = createGate();
    await visitor.route('**/*.js', async (route) => {
      await scripts.pass();
      await route.continue();
    });
    const page = await visitor.newPage();
    await install(page);
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await page.getByRole('status').filter({ hasText: 'test message' }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    expect(await page.getByText('Live', { exact: true }).count()).toBe(0);
    scripts.open();
    await page.getByText('Live', { exact: true }).waitFor();
  });

  it('stand still for whoever asks for less motion', async () => {
    const { browser, statusUrl } = await shop.install();
    visitor = await chromium.newVisitor();
    await signIn(visitor, browser);
    const page = await visitor.newPage();
    for (const url of [statusUrl, `${shop.sandbox.url}/accounts/acme/messenger`]) {
      for (const reducedMotion of ['no-preference', 'reduce'] as const) {
        await page.emulateMedia({ reducedMotion });
        await page.goto(url);
        const longest = Number(await page.evaluate(MEASURE_MOTION));
        expect([url, reducedMotion, longest > 10]).toEqual([
          url,
          reducedMotion,
          reducedMotion === 'no-preference',
        ]);
      }
      const scrolling = 'getComputedStyle(document.documentElement).scrollBehavior';
      expect(await page.evaluate(scrolling)).toBe('auto');
    }
  });

  it('show focus and the current page in forced colours', async () => {
    visitor = await chromium.newVisitor();
    const page = await visitor.newPage();
    await page.emulateMedia({ forcedColors: 'active' });
    await page.goto(`${shop.sandbox.url}/accounts/acme/messenger`);
    await page.keyboard.press('Tab');
    const outline = 'getComputedStyle(document.activeElement).outlineStyle';
    expect(await page.evaluate(outline)).toBe('solid');
    const line = 'getComputedStyle(document.querySelector("[aria-current]")).textDecorationLine';
    expect(await page.evaluate(line)).toBe('underline');
  });

  it('left nothing in the console but the message that was too long', () => {
    expect(chromium.complaints.filter((text) => !text.includes('status of 400'))).toEqual([]);
  });
});
