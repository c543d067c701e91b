import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProjectRoot } from '../../server/config/env-file.ts';
import { sampleBot as bot } from '../support/sample-bot.ts';
import { expectAccessible } from '../support/browser/expect-accessible.ts';
import { hasChromium, openChromium, signIn } from '../support/browser/open-chromium.ts';
import { repliesIn, startShop, type Shop } from '../support/start-shop.ts';
import { waitUntil } from '../support/wait-until.ts';

const QUESTIONS = [
  'Do you ship to Lisbon?',
  'Can I return a tent that I have used once?',
  'I would rather talk to a person',
  'Where is my order?',
  'Thank you, that helped!',
];

describe.runIf(hasChromium())('the account’s page in a browser', { timeout: 120_000 }, () => {
  let shop: Shop;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let owner: BrowserContext;
  let page: Page;
  let statusUrl: string;

  beforeAll(async () => {
    shop = await startShop({
      bot: {
        ...bot,
        async onMessage({ message, reply, handOff }) {
          if (message.text.includes('person')) return await handOff({ reason: 'asked for' });
          if (message.text.includes('order')) JSON.parse('{ "order": ');
          await reply(`You said: “${message.text}”`);
        },
      },
    });
    chromium = await openChromium();
    owner = await chromium.newVisitor({ width: 1180 });
    const installed = await shop.install();
    ({ statusUrl } = installed);
    await signIn(owner, installed.browser);
    page = await owner.newPage();
    for (const text of QUESTIONS) {
      const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
      await waitUntil('the greeting', () => repliesIn(shop, conversationId)[0]);
      shop.zendesk.sendCustomerMessage({ conversationId, text });
    }
    await waitUntil('all of it was handled', async () => {
      const states = await shop.database.kysely.selectFrom('events').select('state').execute();
      const isOpen = states.some(({ state }) => state === 'waiting' || state === 'working');
      return !isOpen && states.some(({ state }) => state === 'failed');
    });
  });
  afterAll(async () => {
    await chromium.close();
    await shop.close();
  });

  const entry = (words: string) => page.getByRole('link', { name: `“${words}”` });
  const title = () => page.locator('.traces details[open] .trace-title').textContent();

  it('needs no more than six requests', async () => {
    const visitor = await chromium.newVisitor();
    await visitor.addCookies(await owner.cookies());
    const tab = await visitor.newPage();
    const asked: string[] = [];
    tab.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await tab.goto(statusUrl);
    await tab.getByText('Live', { exact: true }).waitFor();
    expect(asked.length, asked.join(' ')).toBeLessThanOrEqual(6);
    await visitor.close();
  });

  it('says how it is in a sentence and four numbers', async () => {
    await page.goto(statusUrl);
    await page.getByText(/^Answering\. Last answer .*, after \d/).waitFor();
    const numbers = await page.locator('.numbers').textContent();
    expect(numbers?.replaceAll(/\s+/g, ' ')).toMatch(
      /Answered 8 Handed over 1 Failed 1 Median time \d+(?:\.\d)? m?s/,
    );
  });

  it('shows what happened in a conversation beside the list, and goes back', async () => {
    const before = await title();
    await entry('Do you ship to Lisbon?').click();
    await expect.poll(title).toBe('“Do you ship to Lisbon?”');
    expect(page.url()).toContain('?conversation=');
    await page.goBack();
    await expect.poll(title).toBe(before);
  });

  it('forgets a choice for a later one, also when the first comes to nothing afterwards', async () => {
    await page.goto(statusUrl);
    await page.evaluate(`{
      const real = fetch;
      window.fetch = () => {
        window.fetch = real;
        return new Promise((_resolve, reject) => { window.giveUp = reject; });
      };
    }`);
    await entry('Can I return a tent that I have used once?').click();
    await entry('Do you ship to Lisbon?').click();
    await expect.poll(title).toBe('“Do you ship to Lisbon?”');
    await page.evaluate('giveUp(new Error("no answer in time"))');
    await page.waitForTimeout(300);
    expect(await title()).toBe('“Do you ship to Lisbon?”');
  });

  it('shows of a failure the line that threw, and leads to where it is run again', async () => {
    await entry('Where is my order?').click();
    await expect.poll(title).toBe('“Where is my order?”');
    const step = page.locator('.traces [open] .step-bad', { hasText: 'SyntaxError:' }).first();
    expect(await step.textContent()).toMatch(/at test\/browser\/account-page\.test\.ts:\d+:\d+/);
    expect(await step.locator('.excerpt .marked').textContent()).toContain('JSON.parse(');
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Look into it and replay' }).click();
    await page.getByRole('button', { name: 'Replay' }).waitFor();
    await page.locator('.traces [open] .excerpt .marked').first().waitFor();
    await expectAccessible(page);
  });

  it('does the same without JavaScript, on a page of its own', async () => {
    const plain = await chromium.newVisitor({ javaScriptEnabled: false, width: 320 });
    await plain.addCookies(await owner.cookies());
    const tab = await plain.newPage();
    await tab.goto(`${statusUrl}/timeline`);
    await tab.getByRole('link', { name: '“I would rather talk to a person”' }).click();
    await tab.getByText('The conversation was handed over').waitFor();
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(320);
    await plain.close();
  });

  /** The picture of the README is made anew by `npm run pictures`. */
  it.runIf(process.env['SCREENSHOTS'])('has its picture taken', async () => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1180, height: 980 });
    await page.goto(statusUrl);
    await entry('Where is my order?').click();
    await expect.poll(title).toBe('“Where is my order?”');
    await page.evaluate('scrollTo(0, 0)');
    await page.screenshot({ path: join(findProjectRoot(), 'docs/status-page.png') });
  });

  it('shows what is new, also when the first look for it fails', async () => {
    await page.goto(statusUrl);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.evaluate(`{
      const real = fetch;
      window.fetch = async () => {
        window.fetch = real;
        return new Response('', { status: 502 });
      };
    }`);
    const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
    shop.zendesk.sendCustomerMessage({ conversationId, text: 'Do you open on Sunday?' });
    await entry('Do you open on Sunday?').waitFor();
  });

  it('shows what is new, also when an older look is answered after a later one', async () => {
    const tab = await owner.newPage();
    await tab.clock.install();
    await tab.goto(statusUrl);
    await tab.getByText('Live', { exact: true }).waitFor();
    await tab.evaluate(`{
      const real = fetch;
      const old = document.documentElement.outerHTML;
      window.fetch = () => {
        window.fetch = real;
        return new Promise((resolve) => { window.answer = () => resolve(new Response(old)); });
      };
    }`);
    const lines = tab.locator('[data-live-list] > *');
    async function lookAfter(happen: () => void): Promise<void> {
      const before = await lines.count();
      happen();
      await expect.poll(() => lines.count()).toBeGreaterThan(before);
      await tab.clock.runFor(3_000);
    }
    let id = '';
    await lookAfter(() => {
      id = shop.zendesk.createConversation({ account: 'acme' }).conversationId;
    });
    await tab.waitForFunction('window.answer');
    const text = 'Do you repair lamps?';
    await lookAfter(() => shop.zendesk.sendCustomerMessage({ conversationId: id, text }));
    await tab.waitForTimeout(300);
    await tab.evaluate('answer()');
    await tab.waitForTimeout(300);
    await tab.clock.runFor(3_000);
    await tab.getByRole('link', { name: `“${text}”` }).waitFor({ timeout: 10_000 });
    await tab.close();
  });

  it('left nothing in the console', () => {
    expect(chromium.complaints).toEqual([]);
  });
});
