import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSoundPage } from '../support/browser/expect-sound-page.ts';
import { hasChromium, openChromium } from '../support/browser/open-chromium.ts';
import { furnishAccount, type FurnishedAccount } from './support/furnish-account.ts';

/** What forms are answered with: problems beside their fields, refusals, and where focus goes. */
describe.runIf(hasChromium())('the answers to forms', { timeout: 120_000 }, () => {
  let account: FurnishedAccount;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let page: Page;

  beforeAll(async () => {
    account = await furnishAccount();
    chromium = await openChromium();
    const visitor = await chromium.newVisitor();
    await account.signIn(visitor);
    page = await visitor.newPage();
  });
  afterAll(async () => {
    await chromium.close();
    await account.close();
  });

  async function expectSound(status: number): Promise<void> {
    await expectSoundPage(page, 'Shopkeeper');
    const expected = `status of ${status} `;
    const unexpected = chromium.complaints.splice(0).filter((text) => !text.includes(expected));
    expect(unexpected).toEqual([]);
  }

  it.each([
    ['a new connection', () => `${account.places.bloom}/connections/new`, 'Save & authorize'],
    [
      'a new connection with credentials',
      () => `${account.places.acme}/connections/new?provider=zoom&authType=custom`,
      'Test & save',
    ],
    ['a connection', () => account.places.server, 'Test & save'],
    ['a new OAuth client', () => `${account.places.acme}/oauth-clients/new`, 'Save'],
    ['an OAuth client', () => account.places.usedClient, 'Save'],
  ])('focus the first field of %s that is wrong', async (_what, address, button) => {
    await page.goto(address());
    await page.getByLabel(/^Name/).fill('');
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('alert').waitFor();
    const focused = page.locator(':focus');
    expect(await focused.getAttribute('name')).toBe('name');
    expect(await focused.getAttribute('aria-describedby')).toContain('field-name-error');
    await expectSound(422);
  });

  it('focus what was done', async () => {
    await page.goto(`${account.places.acme}/manage`);
    await page.getByRole('button', { name: 'Check webhook again' }).click();
    await page.locator('[role=status]:focus').waitFor();
    await expectSound(200);
  });

  it.each([
    ['an expired form', 'x', 'This form has expired', 403],
    ['a form that is too large', 'x'.repeat(200_000), 'That did not work', 413],
  ])('refuse %s on a sound page', async (_what, token, heading, status) => {
    await page.goto(`${account.places.acme}/manage`);
    await page.evaluate(
      `document.querySelector('[action$=test-message] [name=_csrf]').value = '${token}'`,
    );
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await page.getByRole('heading', { name: heading }).waitFor();
    await expectSound(status);
  });

  it('say on a sound page that Zendesk did not play along', async () => {
    account.shop.zendesk.armFault({ kind: 'answer', operation: 'GetToken', status: 500, times: 9 });
    await page.goto(`${account.shop.url}/install`);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('link', { name: 'Start again' }).waitFor();
    account.shop.zendesk.clearFaults();
    await expectSound(502);
  });

  it('ask for patience on a sound page', async () => {
    await page.goto(account.shop.url);
    await page.evaluate(`Promise.all(
      Array.from({ length: 30 }, () => fetch('/install', { redirect: 'manual' })),
    )`);
    await page.goto(`${account.shop.url}/install`);
    await page.getByRole('heading', { name: 'One moment, please' }).waitFor();
    await expectSound(429);
  });
});
