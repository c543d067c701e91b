import type { BrowserContext, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGate } from '../../../test/support/gate.ts';
import { expectAccessible } from '../../../test/support/browser/expect-accessible.ts';
import { hasChromium } from '../../../test/support/browser/open-chromium.ts';
import { MESSENGER } from '../support/start-chat.ts';
import { openMessenger, type Messenger } from '../support/open-messenger.ts';

const MESSAGES = `**${MESSENGER}/messages`;

describe.skipIf(!hasChromium())('what is written in the Messenger', () => {
  let messenger: Messenger;
  let visitor: BrowserContext;
  let page: Page;
  let conversationId: string;

  beforeAll(async () => {
    messenger = await openMessenger();
  });
  afterAll(async () => {
    await messenger.close();
  });

  beforeEach(async () => {
    ({ visitor, page, conversationId } = await messenger.arrive());
  });
  afterEach(async () => {
    await visitor.close();
    const noted = messenger.chromium.complaints.splice(0);
    // What a test cut off, or had refused, the browser notes.
    expect(noted.filter((text) => !/ERR_FAILED|INTERNET_DISCONNECTED|of 400/.test(text))).toEqual(
      [],
    );
  });

  const box = () => page.getByLabel('Your message');
  const waiting = () => page.locator('#outbox .message');
  const texts = () => page.locator('#log .message .text').allTextContents();
  const said = () =>
    messenger.world.control
      .messages(conversationId)
      .map(({ content }) => 'text' in content && content.text);

  async function write(text: string): Promise<void> {
    await box().fill(text);
    await box().press('Enter');
  }

  it('is there before the server has answered, and goes out in its order', async () => {
    const gate = createGate();
    await page.route(MESSAGES, async (route) => {
      await gate.pass();
      await route.continue();
    });
    await write('First');
    await write('Second');
    expect(await waiting().locator('.text').allTextContents()).toEqual(['First', 'Second']);
    expect(await waiting().locator('.mark').allTextContents()).toEqual(['Sending…', 'Sending…']);
    expect(await box().inputValue()).toBe('');
    expect(said()).toEqual([]);
    gate.open();
    await page.locator('#mark').getByText('Sent').waitFor();
    await expect.poll(texts).toEqual(['First', 'Second']);
    await expect.poll(() => waiting().count()).toBe(0);
    expect(said()).toEqual(['First', 'Second']);
  });

  it('stays when it could not be sent, over a reload as well, and is sent by a press of a button', async () => {
    await visitor.setOffline(true);
    await write('Are you <there>?');
    await waiting().getByText('Not sent.').waitFor();
    await expectAccessible(page);
    await visitor.setOffline(false);
    await page.reload();
    expect(await waiting().locator('.text').textContent()).toBe('Are you <there>?');
    await page.getByRole('button', { name: 'Try again' }).press('Enter');
    await expect.poll(texts).toEqual(['Are you <there>?']);
    await page.locator('#text:focus').waitFor();
    await page.reload();
    expect([await waiting().count(), said()]).toEqual([0, ['Are you <there>?']]);
  });

  it('is the words of a button, too, which goes at once and comes back when they were not sent', async () => {
    const actions = [{ type: 'reply', text: 'Menu', payload: 'MENU' }];
    const content = { type: 'text', text: 'Anything else?', actions };
    const author = { type: 'business' };
    await messenger.bot.call('POST', `/conversations/${conversationId}/messages`, {
      author,
      content,
    });
    const button = page.getByRole('button', { name: 'Menu', exact: true });
    await button.waitFor();
    const gate = createGate();
    await page.route(`**${MESSENGER}/replies`, async (route) => {
      await gate.pass();
      await route.abort();
    });
    await button.press('Enter');
    await button.waitFor({ state: 'hidden' });
    expect(await waiting().locator('.text').textContent()).toBe('Menu');
    await page.locator('#text:focus').waitFor();
    gate.open();
    await waiting().getByText('Not sent.').waitFor();
    await button.waitFor();
    await page.unroute(`**${MESSENGER}/replies`);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(texts).toEqual(['Anything else?', 'Menu']);
    expect(messenger.world.control.messages(conversationId)[1]?.content).toMatchObject({
      payload: 'MENU',
    });
    expect(await waiting().count()).toBe(0);
  });

  it('is said once when the answer was lost', async () => {
    const lose = async (route: Route) => {
      await route.fetch({ maxRedirects: 0 });
      await route.abort();
    };
    await page.route(MESSAGES, lose, { times: 1 });
    await write('Only once');
    await expect.poll(texts).toEqual(['Only once']);
    await expect.poll(() => waiting().count()).toBe(0);
    expect(said()).toEqual(['Only once']);
  });

  it('keeps the reason by its side when the box has other words by then', async () => {
    const gate = createGate();
    await page.route(MESSAGES, async (route) => {
      await gate.pass();
      await route.continue();
    });
    await write('x'.repeat(4_097));
    await box().fill('Something else');
    gate.open();
    await waiting().getByText('cannot be longer than 4096').waitFor();
    expect(await box().inputValue()).toBe('Something else');
    expect(await waiting().locator('.text').textContent()).toHaveLength(4_097);
    expect(said()).toEqual([]);
  });

  it('shows that the bot is at it, until somebody answers or a person has it', async () => {
    const dots = page.locator('.typing.expected');
    await write('Tents?');
    await dots.waitFor();
    messenger.world.control.takeOver(conversationId);
    await dots.waitFor({ state: 'hidden' });
    await write('Anybody?');
    await page.locator('#log').getByText('Anybody?').waitFor();
    expect(await dots.isHidden()).toBe(true);
  });
});
