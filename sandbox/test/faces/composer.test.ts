import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from '../../../test/support/browser/expect-accessible.ts';
import { hasChromium } from '../../../test/support/browser/open-chromium.ts';
import { openMessenger, type Messenger } from '../support/open-messenger.ts';

const COMPOSE = `document.activeElement.dispatchEvent(new KeyboardEvent('keydown',
  { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))`;

describe.skipIf(!hasChromium())('the window of the Messenger', () => {
  let messenger: Messenger;
  let visitor: BrowserContext;
  let page: Page;
  let conversationId: string;

  beforeAll(async () => {
    messenger = await openMessenger();
    ({ visitor, page, conversationId } = await messenger.arrive());
  });
  afterAll(async () => {
    expect(messenger.chromium.complaints).toEqual([]);
    await messenger.close();
  });

  const box = () => page.getByLabel('Your message');
  const height = async () => (await box().boundingBox())?.height ?? 0;
  const say = (text: string) => messenger.send(conversationId, { type: 'text', text });
  /** Whether somebody who looks at the page sees the whole of it. */
  async function isInView(shown: Page, text: string): Promise<boolean> {
    const log = await shown.locator('.scroll').boundingBox();
    const bubble = await shown.locator('.bubble', { hasText: text }).boundingBox();
    const bottom = shown.viewportSize()?.height ?? 0;
    if (!log || !bubble) return false;
    const end = Math.min(log.y + log.height, bottom);
    return bubble.y >= log.y && bubble.y + bubble.height <= end + 1;
  }

  it('has the focus in a box of one row, which grows to about six', async () => {
    await page.locator('#text:focus').waitFor();
    expect(await box().getAttribute('placeholder')).toBe('Write a message');
    const row = await height();
    await page.keyboard.type('One');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('Two');
    expect(await box().inputValue()).toBe('One\nTwo');
    expect(await height()).toBeGreaterThan(row);
    await box().fill('Line\n'.repeat(5));
    const six = await height();
    await box().fill('Line\n'.repeat(40));
    expect(await height()).toBeLessThan(six * 1.2);
    await box().fill('');
    expect(await height()).toBe(row);
  });

  it('leaves the Enter that ends a character to whoever composes it, and sends nothing empty', async () => {
    await box().fill('に');
    await page.evaluate(COMPOSE);
    await box().press('Shift+Home');
    expect(await box().inputValue()).toBe('に');
    await box().fill('  ');
    await box().press('Enter');
    await box().fill('日本');
    await box().press('Enter');
    await page.locator('#log').getByText('日本').waitFor();
    expect(messenger.world.control.messages(conversationId)).toHaveLength(1);
  });

  it('has the newest in view, above a phone’s keyboard and without a script, too', async () => {
    for (let n = 1; n <= 30; n += 1) await say(`Line ${n}.`);
    await page.locator('#log').getByText('Line 30.').waitFor();
    expect(await isInView(page, 'Line 30.')).toBe(true);
    for (const [width, rows] of [
      [390, 844],
      [390, 450],
      [320, 640],
    ] as const) {
      await page.setViewportSize({ width, height: rows });
      await expect.poll(() => isInView(page, 'Line 30.')).toBe(true);
      expect(await page.evaluate('document.documentElement.scrollHeight <= innerHeight')).toBe(
        true,
      );
    }
    const plain = await messenger.chromium.newVisitor({ javaScriptEnabled: false, width: 390 });
    await plain.addCookies(await visitor.cookies());
    const other = await plain.newPage();
    await other.goto(page.url());
    expect(await isInView(other, 'Line 30.')).toBe(true);
    const log = await other.locator('#log').innerText();
    expect(log.indexOf('Line 29.')).toBeLessThan(log.indexOf('Line 30.'));
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('leaves whoever reads further up where they are, and tells of news', async () => {
    await page.locator('.bubble', { hasText: 'Line 3.' }).scrollIntoViewIfNeeded();
    const before = await page.locator('.bubble', { hasText: 'Line 3.' }).boundingBox();
    await say('News.');
    await page.getByRole('button', { name: 'New messages' }).waitFor();
    const after = await page.locator('.bubble', { hasText: 'Line 3.' }).boundingBox();
    expect(after?.y).toBeCloseTo(before?.y ?? 0, 0);
    await page.getByRole('button', { name: 'New messages' }).click();
    await expect.poll(() => isInView(page, 'News.')).toBe(true);
    await page.getByRole('button', { name: 'New messages' }).waitFor({ state: 'hidden' });
  });

  it('says a time once for a group, and that of a message when it is pressed', async () => {
    const times = page.locator('#log .message.bot .when');
    const isShown = async (n: number) => ((await times.nth(n).boundingBox())?.width ?? 0) > 1;
    expect(await isShown(3)).toBe(false);
    await page.locator('.bubble', { hasText: 'Line 4.' }).click();
    await page.mouse.move(0, 0);
    expect(await isShown(3)).toBe(true);
  });

  it('says the day of what was said on another', async () => {
    const later = await visitor.newPage();
    await later.clock.setFixedTime(Date.now() + 3 * 24 * 60 * 60_000);
    await later.goto(page.url());
    const last = later.locator('#log .when time').last();
    await expect.poll(() => last.textContent()).toMatch(/^[A-Z][a-z]+ \d+, \d{4}, \d\d:\d\d$/);
    await later.close();
  });

  it('takes a picture that is pasted, for the panel where it gets its caption', async () => {
    await page.evaluate(`(() => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File(['x'], 'tent.png', { type: 'image/png' }));
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.getElementById('text').dispatchEvent(paste);
    })()`);
    await page.locator('#caption:focus').waitFor();
    await page.keyboard.type('Is it this?');
    await page.keyboard.press('Enter');
    await page.locator('#log').getByRole('img', { name: 'tent.png' }).waitFor();
    await page.locator('#caption').waitFor({ state: 'hidden' });
  });

  it('closes what is open over the log by Escape, and is where it was', async () => {
    await page.locator('.chat-menu summary').press('Enter');
    await page.getByRole('button', { name: 'New chat' }).waitFor();
    await expectAccessible(page);
    await page.locator('.chat-menu summary').focus();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'New chat' }).waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Menu');
  });
});
