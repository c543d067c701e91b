import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openChromium } from '../support/browser/open-chromium.ts';
import { startShop, type Shop } from '../support/start-shop.ts';

const STOPS = 80;
const LOOK_AT_FOCUS = `(() => {
  const { labels, textContent, value } = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return {
    name: (labels?.[0] ?? { textContent }).textContent.trim().replaceAll(/\\s+/g, ' ') || value || '',
    isOnPage: document.querySelector(':focus') !== null,
    isRinged: outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2,
  };
})()`;

interface Focus {
  name: string;
  isOnPage: boolean;
  isRinged: boolean;
}

const lookAtFocus = (page: Page) => page.evaluate<Focus>(LOOK_AT_FOCUS);
const nameFocused = async (page: Page) => (await lookAtFocus(page)).name;

/** The story again, with the mouse put away. */
describe.runIf(hasChromium())('the keyboard alone', { timeout: 120_000 }, () => {
  let shop: Shop;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let visitor: BrowserContext;
  let status: Page;
  let customer: Page;
  let agent: Page;

  beforeAll(async () => {
    shop = await startShop();
    chromium = await openChromium();
    visitor = await chromium.newVisitor();
    status = await visitor.newPage();
  });
  afterAll(async () => {
    await chromium.close();
    await shop.close();
  });

  /** Presses Tab until something of that name has focus; every stop on the way has to show it. */
  async function tabTo(page: Page, name: string | RegExp): Promise<void> {
    const passed = new Set<string>();
    for (let stop = 0; stop < STOPS; stop += 1) {
      await page.keyboard.press('Tab');
      const focus = await lookAtFocus(page);
      if (focus.isOnPage) expect([focus.name, focus.isRinged]).toEqual([focus.name, true]);
      if (typeof name === 'string' ? focus.name === name : name.test(focus.name)) return;
      passed.add(focus.name);
    }
    expect.fail(`Tab never came to ${String(name)}, but to ${[...passed].join(', ')}`);
  }

  it('gets past the header first', async () => {
    for (const url of [shop.url, shop.sandbox.url]) {
      await status.goto(url);
      await tabTo(status, /^Skip to/);
      await status.keyboard.press('Enter');
      expect(await status.evaluate('document.activeElement.tagName')).toBe('MAIN');
    }
  });

  it('installs into the account chosen by arrow keys', async () => {
    await status.goto(shop.url);
    await tabTo(status, 'Add to Zendesk');
    await status.keyboard.press('Enter');
    await status.getByRole('button', { name: 'Allow' }).waitFor();
    await tabTo(status, /^Acme Outdoor/);
    await status.keyboard.press('ArrowDown');
    expect(await nameFocused(status)).toMatch(/^Bloom Bakery/);
    await status.keyboard.press('ArrowUp');
    await tabTo(status, 'Allow');
    await status.keyboard.press('Enter');
    await status.getByRole('heading', { level: 1, name: 'Acme Outdoor' }).waitFor();
  });

  it('goes on from what came of a form', async () => {
    await tabTo(status, 'Settings');
    await status.keyboard.press('Enter');
    await status.waitForURL(/manage$/);
    await tabTo(status, 'Send a test message');
    await status.keyboard.press('Enter');
    await status.locator('[role=status]:focus').waitFor();
    await tabTo(status, 'Overview');
    await status.keyboard.press('Enter');
    await status.waitForURL(/[0-9a-f]{32}$/);
    await tabTo(status, 'Open the Messenger');
  });

  it('chats, and stays in the box after sending', async () => {
    customer = await visitor.newPage();
    await customer.goto(`${shop.sandbox.url}/accounts/acme/messenger`);
    await tabTo(customer, 'Start a conversation');
    await customer.keyboard.press('Enter');
    await customer.getByRole('log').getByText('Hello').first().waitFor();
    await customer.waitForLoadState('load');
    await expect.poll(() => nameFocused(customer)).toBe('Your message');
    await customer.keyboard.type('tents?');
    await customer.keyboard.press('Enter');
    await customer.getByText('You said: “tents?”').waitFor();
    expect(await nameFocused(customer)).toBe('Your message');
  });

  it('keeps its place while a panel of the status page is brought up to date', async () => {
    const entry = /^Installed in Acme Outdoor/;
    await tabTo(status, entry);
    const announcer = status.locator('[aria-live=polite]', { hasText: 'Message answered' });
    await announcer.waitFor({ state: 'attached' });
    await status.locator('#numbers', { hasText: /Answered\s+[1-9]/ }).waitFor();
    expect(await nameFocused(status)).toMatch(entry);
  });

  it('uses a quick reply, which goes, and is in the box afterwards', async () => {
    await customer.keyboard.type('hi');
    await customer.keyboard.press('Enter');
    // The answer before has such a button, too, until this one comes.
    await customer.getByRole('log').getByText('What can I do for you?').nth(1).waitFor();
    await customer.getByRole('button', { name: 'Agent' }).waitFor();
    for (const before of ['Attach a file or a place', 'Agent']) {
      await customer.keyboard.press('Shift+Tab');
      expect(await nameFocused(customer)).toBe(before);
    }
    await customer.keyboard.press('Enter');
    await customer.getByRole('button', { name: 'Agent' }).waitFor({ state: 'detached' });
    await customer.locator('#text:focus').waitFor();
  });

  it('answers as an agent and gives the conversation back', async () => {
    agent = await visitor.newPage();
    await agent.goto(`${shop.sandbox.url}/accounts/acme/agent`);
    await tabTo(agent, /Customer: Agent/);
    await customer.keyboard.type('Hello?');
    await customer.keyboard.press('Enter');
    // The entry is replaced while it has focus.
    await agent.getByRole('link', { name: 'Hello?' }).waitFor();
    expect(await nameFocused(agent)).toContain('Hello?');
    await agent.keyboard.press('Enter');
    await agent.getByLabel('Your answer').waitFor();
    await agent.waitForLoadState('load');
    await expect.poll(() => nameFocused(agent)).toBe('Your answer');
    await agent.keyboard.type('A person here');
    await agent.keyboard.press('Enter');
    await customer.getByRole('log').getByText('A person here').waitFor();
    await tabTo(agent, /^Solve/);
    await agent.keyboard.press('Enter');
    await agent.getByRole('button', { name: 'Take over' }).waitFor();
    await expect.poll(() => nameFocused(agent)).toBe('Take over');
  });

  it('disconnects, and goes on from what was done', async () => {
    await status.reload();
    await tabTo(status, 'Settings');
    await status.keyboard.press('Enter');
    await status.waitForURL(/manage$/);
    await tabTo(status, 'Disconnect Acme Outdoor…');
    await status.keyboard.press('Enter');
    await tabTo(status, 'Disconnect and delete');
    await status.keyboard.press('Enter');
    await status.getByText('Acme Outdoor is disconnected.').waitFor();
    await expect.poll(() => nameFocused(status)).toContain('Acme Outdoor is disconnected.');
    await tabTo(status, 'Add to Zendesk');
  });

  it('left nothing in the console', () => {
    expect(chromium.complaints).toEqual([]);
  });
});
