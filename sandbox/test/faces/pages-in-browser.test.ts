import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectAccessible } from '../../../test/support/browser/expect-accessible.ts';
import { hasChromium, openChromium } from '../../../test/support/browser/open-chromium.ts';
import { CLIENT_ID, startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

const ADMIN = '/accounts/acme/admin/ai/ai-agents/ai-agents/marketplace-bots';

describe.skipIf(!hasChromium())('the pages in a browser', () => {
  let browser: Awaited<ReturnType<typeof openChromium>>;
  let world: World;
  let page: Page;

  beforeAll(async () => {
    browser = await openChromium();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    world = await startWorld();
    const visitor = await browser.newVisitor();
    page = await visitor.newPage();
  });

  afterEach(async () => {
    await page.context().close();
    await world.close();
    expect(browser.complaints.splice(0)).toEqual([]);
  });

  async function startChat() {
    await page.goto(`${world.url}/accounts/acme/messenger`);
    await page.getByRole('button', { name: 'Start a conversation' }).click();
    await page.waitForLoadState('load');
    await page.getByLabel('Your message').fill('Do you sell tents?');
    await page.keyboard.press('Enter');
    await page.getByRole('log').getByText('Do you sell tents?').waitFor();
    const [created] = await world.events();
    return created?.payload.conversation?.id ?? '';
  }

  it('have no accessibility faults, in the light and in the dark', async () => {
    const { call } = world.installListening();
    const conversationId = await startChat();
    const hours = [{ type: 'postback', text: 'Hours', payload: 'HOURS' }];
    const menu = [{ type: 'reply', text: 'Menu', payload: 'MENU' }];
    const card = {
      title: 'Tent',
      actions: [{ type: 'link', text: 'Look', uri: 'https://x.example' }],
    };
    for (const content of [
      { type: 'carousel', items: [card, card, card] },
      { type: 'text', text: 'Anything else?', actions: hours },
      { type: 'text', text: 'Or this?', actions: menu },
    ]) {
      const body = { author: { type: 'business' }, content };
      await call('POST', `/conversations/${conversationId}/messages`, body);
    }
    await page.getByRole('button', { name: 'Menu' }).waitFor();
    await expectAccessible(page);
    world.control.takeOver(conversationId);
    await page.goto(`${world.url}/accounts/acme/agent/conversations/${conversationId}`);
    await expectAccessible(page);
    await page.goto(`${world.url}${ADMIN}`);
    await expectAccessible(page);
  });

  it('follow the conversation without a reload, and quick replies go once used', async () => {
    const { call } = world.installListening();
    const conversationId = await startChat();
    const content = {
      type: 'text',
      text: 'Anything else?',
      actions: [{ type: 'reply', text: 'Agent, please', payload: 'AGENT' }],
    };
    await call('POST', `/conversations/${conversationId}/messages`, {
      author: { type: 'business' },
      content,
    });
    await page.getByRole('button', { name: 'Agent, please' }).click();
    await page.getByRole('button', { name: 'Agent, please' }).waitFor({ state: 'detached' });
    // It goes when it is pressed, before the server has it.
    await expect
      .poll(() => world.control.messages(conversationId).at(-1)?.content)
      .toMatchObject({ text: 'Agent, please', payload: 'AGENT' });
  });

  it('show an agent the conversation as it happens', async () => {
    world.installListening();
    const conversationId = await startChat();
    await page.goto(`${world.url}/accounts/acme/agent/conversations/${conversationId}`);
    await page.getByRole('button', { name: 'Take over' }).click();
    await page.getByLabel('Your answer').fill('A human here');
    await page.keyboard.press('Enter');
    await page.getByRole('log').getByText('A human here').waitFor();
    world.control.sendCustomerMessage({ conversationId, text: 'Great, thanks' });
    await page.getByRole('log').getByText('Great, thanks').waitFor();
    await page.getByRole('button', { name: 'Solve' }).click();
    await page.getByRole('button', { name: 'Take over' }).waitFor();
  });

  it('say why a message was not sent and keep it', async () => {
    world.installListening();
    await startChat();
    const text = 'x'.repeat(4097);
    await page.getByLabel('Your message').fill(text);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('cannot be longer than 4096').waitFor();
    expect(await page.getByLabel('Your message').inputValue()).toBe(text);
    const others = browser.complaints.splice(0).filter((complaint) => !complaint.includes('400'));
    expect(others).toEqual([]);
  });

  it('end at the client after consent, which the page allows its form', async () => {
    const query = `client_id=${CLIENT_ID}&response_type=code&state=s`;
    await page.goto(`${world.url}/sc/oauth/authorize?${query}`);
    await page.getByLabel('Bloom Bakery').check();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL(`${world.redirectUri}?code=**`);
  });
});
