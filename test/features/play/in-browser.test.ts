import type { BrowserContext, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from '../../support/browser/expect-accessible.ts';
import { hasChromium, openChromium } from '../../support/browser/open-chromium.ts';
import type { Shop } from '../../support/start-shop.ts';
import { startPlay } from './support/start-play.ts';

/** `/play` as a visitor sees it, the chat in its frame and all. */
describe.runIf(hasChromium())('/play in a browser', { timeout: 120_000 }, () => {
  let shop: Shop;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let visitor: BrowserContext;
  let page: Page;
  let chat: FrameLocator;

  beforeAll(async () => {
    shop = await startPlay();
    chromium = await openChromium();
    visitor = await chromium.newVisitor();
    page = await visitor.newPage();
  });
  afterAll(async () => {
    await chromium.close();
    await shop.close();
  });

  const box = () => chat.getByRole('textbox').first();
  const stop = (name: string) => page.locator('.stop', { hasText: name });

  /** Enter begins a line until the script of the chat is there. */
  async function say(text: string): Promise<void> {
    await page.waitForLoadState('load');
    await box().fill(text);
    await box().press('Enter');
  }

  it('begins with one button, reached and pressed by the keyboard', async () => {
    await page.goto(`${shop.url}/play`);
    await expectAccessible(page);
    const button = page.getByRole('link', { name: 'Try it now' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByText('Nothing has travelled yet. Write something in the chat.').waitFor();
    chat = page.frameLocator('iframe[data-view=customer]');
    await chat.getByRole('button', { name: 'Start a conversation' }).press('Enter');
    await chat.getByText('I am the shop’s assistant').waitFor();
  });

  it('shows the chat without what is otherwise around it, also after its forms', async () => {
    expect(await chat.getByText('stand-in').count()).toBe(0);
    expect(await chat.getByRole('navigation').count()).toBe(0);
  });

  it('follows a message without a page change, and says where it is', async () => {
    let loads = 0;
    page.on('load', () => (loads += 1));
    await say('Do you ship to Lisbon?');
    await stop('“You said: “Do you ship').waitFor();
    await page.locator('[data-announcer]', { hasText: 'got one answer' }).waitFor({
      state: 'attached',
    });
    expect(loads).toBe(0);
  });

  it('shows a station on its link, by the keyboard, and keeps the focus there', async () => {
    const link = stop('Zendesk hears').getByRole('link');
    await link.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Zendesk hears the answer' }).waitFor();
    await page.getByText('PostMessage: 201').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Zendesk hears');
    await expectAccessible(page);
  });

  it('breaks the next answer, shows the second attempt, and the customer gets one', async () => {
    const chip = page.getByRole('button', { name: 'Lose the answer' });
    await chip.focus();
    await page.keyboard.press('Enter');
    await page.getByText('Now write something in the chat.').waitFor();
    expect(await chip.getAttribute('aria-pressed')).toBe('true');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Lose the answer');
    await say('Is it lost?');
    await page.getByText('there already: not sent again').waitFor();
    await chat.getByText('You said: “Is it lost?”').waitFor();
    expect(await chat.getByText('You said: “Is it lost?”').count()).toBe(1);
    expect(await chip.getAttribute('aria-pressed')).toBe('false');
  });

  it('keeps what is typed in the chat while one looks at the agent’s side', async () => {
    await box().fill('half a sent');
    await page.getByRole('link', { name: 'Agent', exact: true }).click();
    const desk = page.frameLocator('iframe[data-view=agent]');
    await desk.getByRole('navigation', { name: 'Conversations' }).waitFor();
    await page.getByRole('link', { name: 'Customer', exact: true }).click();
    expect(await box().inputValue()).toBe('half a sent');
  });

  it('slides the journey over the chat on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    const handle = page.locator('[data-handle]');
    expect(await stop('Worker').isVisible()).toBe(false);
    await handle.press('Enter');
    expect(await handle.getAttribute('aria-expanded')).toBe('true');
    await stop('Worker').waitFor();
    await expectAccessible(page);
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 700 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
  });

  it('is a sequence of pages without a script', async () => {
    const plain = await chromium.newVisitor({ javaScriptEnabled: false });
    await plain.addCookies(await visitor.cookies());
    const tab = await plain.newPage();
    await tab.goto(`${shop.url}/play`);
    await tab.locator('.stop', { hasText: 'Webhook stored' }).getByRole('link').click();
    await tab.getByRole('heading', { name: 'Stored, then acknowledged' }).waitFor();
    await tab.getByRole('button', { name: 'Deliver twice' }).click();
    await tab.getByText('Now write something in the chat.').waitFor();
    await tab.getByRole('link', { name: 'Agent', exact: true }).click();
    await tab.frameLocator('iframe[data-view=agent]').getByRole('heading').first().waitFor();
    await tab.close();
  });

  it('left nothing in the console', () => {
    expect(chromium.complaints).toEqual([]);
  });
});
