import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from '../../../support/browser/expect-accessible.ts';
import { hasChromium, openChromium, signIn } from '../../../support/browser/open-chromium.ts';
import { repliesIn } from '../../../support/start-shop.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { openAccount, SERVER_APP, ZOOM_APP, type Account } from '../support/open-account.ts';

/** What an owner does with connections, through a real browser. */
describe.runIf(hasChromium())('connections in a browser', { timeout: 120_000 }, () => {
  let account: Account;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let owner: BrowserContext;
  let page: Page;
  let statusUrl: string;

  beforeAll(async () => {
    account = await openAccount({ bot: { onStart: async () => {} } });
    chromium = await openChromium();
    owner = await chromium.newVisitor();
    ({ statusUrl } = account);
    await signIn(owner, account.browser);
    page = await owner.newPage();
    await page.goto(statusUrl);
  });
  afterAll(async () => {
    await chromium.close();
    await account.close();
  });

  async function meet(): Promise<string> {
    const { zendesk } = account.shop;
    const { conversationId } = zendesk.createConversation({ account: 'acme' });
    zendesk.sendCustomerMessage({ conversationId, text: 'meet' });
    return waitUntil('the bot answered', () => repliesIn(account.shop, conversationId)[0]);
  }

  it('leads from the status page to the first connection', async () => {
    await page.getByRole('link', { name: 'Add a Zoom connection' }).click();
    await page.getByLabel('Name your connection').fill('Sales');
    await page.getByRole('button', { name: 'Save & authorize' }).click();
    await page.getByText('Enter the client id.').waitFor();
    await expectAccessible(page);
    expect(await page.getByLabel('Name your connection').inputValue()).toBe('Sales');
  });

  it('authorizes it at Zoom', async () => {
    await page.getByLabel('Client id').fill(ZOOM_APP.clientId);
    await page.getByLabel('Client secret').fill(ZOOM_APP.clientSecret);
    await page.getByRole('button', { name: 'Save & authorize' }).click();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByText('“Sales” is working.').waitFor();
  });

  it('tests server-to-server credentials before it saves them', async () => {
    await page.goto(`${statusUrl}/connections/new`);
    await page.getByRole('link', { name: 'Zoom · Custom' }).click();
    await page.getByLabel('Name your connection').fill('Server');
    await page.getByLabel('Account id').fill(account.shop.sandbox.zoomAccountId);
    await page.getByLabel('Client id').fill(SERVER_APP.clientId);
    await page.getByLabel('Client secret').fill('wrong');
    await page.getByRole('button', { name: 'Test & save' }).click();
    await page.getByText('The test was not successful, so nothing was saved.').waitFor();
    await expectAccessible(page);
    await page.getByLabel('Client secret').fill(SERVER_APP.clientSecret);
    await page.getByRole('button', { name: 'Test & save' }).click();
    await page.getByText('“Server” is working.').waitFor();
    await page.getByRole('link', { name: 'Connections' }).first().click();
    await page.getByRole('link', { name: 'Sales' }).waitFor();
  });

  it('shows that a connection was deauthorized at Zoom, and reconnects it in place', async () => {
    account.zoom.deauthorize(account.firstUser.id);
    await account.zoom.settled();
    await page.getByRole('link', { name: 'Sales' }).click();
    const address = page.url();
    await page.getByText('Needs reconnect', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Reconnect' }).click();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByText('“Sales” is working.').waitFor();
    expect(page.url()).toBe(address);
    expect(await meet()).toContain(account.zoom.meetings()[0]?.join_url);
  });

  it('says what happened when access is denied', async () => {
    const address = page.url();
    await page.getByRole('button', { name: 'Reconnect' }).click();
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByRole('heading', { name: 'Access was denied' }).waitFor();
    await page.getByRole('link', { name: 'Start again' }).click();
    expect(page.url()).toBe(address);
  });

  it('does all of it without JavaScript', async () => {
    const state = await owner.storageState();
    const plain = await chromium.newVisitor({ javaScriptEnabled: false });
    await plain.addCookies(state.cookies);
    const tab = await plain.newPage();
    await tab.goto(`${statusUrl}/oauth-clients`);
    await tab.getByRole('link', { name: 'New OAuth client' }).click();
    await tab.getByLabel('Name').fill('Second app');
    await tab.getByLabel('Client id').fill('second-app_id');
    await tab.getByLabel('Client secret').fill('second-secret');
    await tab.getByRole('button', { name: 'Save' }).click();
    await tab.getByText('“Second app” was saved.').waitFor();
    await tab.goto(`${statusUrl}/connections`);
    await tab.getByRole('link', { name: 'Server' }).click();
    await tab.getByText('Delete Server…').click();
    await tab.getByRole('button', { name: 'Delete the connection' }).click();
    await tab.getByText('“Server” was deleted.').waitFor();
  });

  it('has pages for OAuth clients that everybody can use', async () => {
    await page.goto(`${statusUrl}/oauth-clients`);
    await page.getByRole('link', { name: 'Sales' }).click();
    // Chromium also logs our own answers to forms with mistakes and to a denial.
    const foreign = chromium.complaints.filter((text) => !/status of (400|422)/.test(text));
    expect(foreign).toEqual([]);
  });
});
