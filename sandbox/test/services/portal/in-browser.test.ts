import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectAccessible } from '../../../../test/support/browser/expect-accessible.ts';
import {
  hasChromium,
  openChromium,
  signIn,
} from '../../../../test/support/browser/open-chromium.ts';
import { DETAILS, REDIRECT_URI, startPortal } from './support/start-portal.ts';
import type { PortalWorld } from './support/start-portal.ts';

const drawing = (width: number, height: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><path d="M0 0h9v9z"/></svg>`;
/** One pixel. */
const DOT =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe.skipIf(!hasChromium())('the Apps portal in a browser', { timeout: 60_000 }, () => {
  let browser: Awaited<ReturnType<typeof openChromium>>;
  let world: PortalWorld;
  let visitor: BrowserContext;

  beforeAll(async () => {
    browser = await openChromium();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    world = await startPortal();
  });

  afterEach(async () => {
    await visitor.close();
    await world.close();
    expect(browser.complaints.splice(0)).toEqual([]);
  });

  type Options = { javaScriptEnabled?: boolean; width?: number };

  /** As the owner, who signed in without Chromium. */
  async function open(address: string, options: Options = {}): Promise<Page> {
    visitor = await browser.newVisitor(options);
    await signIn(visitor, await world.signIn('Zocks Owner'));
    await visitor.route('https://pictures.example/**', (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname.endsWith('.png')) {
        return route.fulfill({ contentType: 'image/png', body: Buffer.from(DOT, 'base64') });
      }
      const body = pathname.includes('wide') ? drawing(400, 200) : drawing(300, 300);
      return route.fulfill({ contentType: 'image/svg+xml', body });
    });
    const page = await visitor.newPage();
    await page.goto(`${world.url}${address}`);
    return page;
  }

  async function fillLogo(page: Page, url: string): Promise<void> {
    await page.getByLabel('Logo URL').fill(url);
    await page.getByLabel('Logo URL').blur();
  }

  it('has no accessibility faults and nothing that sticks out of a narrow window', async () => {
    const owner = await world.signIn('Zocks Owner');
    const logoUrl = 'https://pictures.example/logo.svg';
    const app = await world.createEnabledApp(owner);
    await owner.send(`/portal/apps/${app.clientId}/manage/details`, { ...DETAILS, logoUrl });
    await world.connect(app);
    await owner.send(`/portal/apps/${app.clientId}/hierarchy`);
    await owner.send(`/portal/people/${world.personId('Zocks Admin')}/deactivate`);
    await owner.step('details', { ...DETAILS, logoUrl });
    await owner.step('redirect-uris', { redirectUri: REDIRECT_URI });
    const query = `client_id=${app.clientId}&response_type=code&redirect_uri=${REDIRECT_URI}`;
    const page = await open('/portal', { width: 360 });
    const own = `/portal/apps/${app.clientId}`;
    const fit = async (address: string) => {
      await page.goto(`${world.url}${address}`);
      const excess = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect([address, excess]).toEqual([address, 0]);
    };
    const wizard = '/portal/apps/new';
    for (const end of ['details', 'scopes']) await fit(`${wizard}/${end}`);
    for (const address of ['/portal/people', `${own}/manage/scopes`]) await fit(address);
    // These show what no other page does: logos, a count, a step back, an app that somebody uses.
    const consent = `/zocks/oauth/authorize?${query}`;
    const details = `${own}/manage/details`;
    for (const address of ['/portal/apps', `${wizard}/redirect-uris`, own, details, consent]) {
      await fit(address);
      await expectAccessible(page);
    }
  });

  it('checks the logo by loading it, and goes on when it is right', async () => {
    const page = await open('/portal/apps/new/details');
    await page.getByLabel('App name').fill('Meeting Notes');
    await fillLogo(page, 'https://pictures.example/wide.svg');
    await page.getByText('The logo is not square: 300 × 150.').waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    expect(page.url()).toContain('/details');
    await fillLogo(page, 'https://pictures.example/dot.png');
    await page.getByText('The logo is too small: 1 × 1 pixels.').waitFor();
    await expectAccessible(page);
    await fillLogo(page, 'https://pictures.example/logo.svg');
    await page.locator('[data-preview] img').waitFor();
    await page.getByText('The logo is').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('heading', { name: 'Step 2' }).waitFor();
  });

  it('shows the app as users will see it while it is typed', async () => {
    const page = await open('/portal/apps/new/details');
    await page.getByLabel('App name').fill('Meeting Notes');
    await page.getByLabel('Short description').fill('x'.repeat(121));
    await page.getByLabel('What you can do').fill('Read notes\n\n<b>Find</b> a meeting');
    const preview = page.locator('[data-preview]');
    await preview.getByRole('heading', { name: 'Meeting Notes' }).waitFor();
    expect(await preview.getByRole('listitem').allTextContents()).toEqual([
      'Read notes',
      '<b>Find</b> a meeting',
    ]);
    await page.getByText('121 of 120 characters: users may not read to the end.').waitFor();
  });

  it('shows that beside the form where there is room, and below it where there is not', async () => {
    const page = await open('/portal/apps/new/details');
    const form = page.locator('form[data-check]');
    const preview = page.locator('[data-preview]');
    const isBeside = async () => {
      const [left, right] = await Promise.all([form.boundingBox(), preview.boundingBox()]);
      return left && right && right.x >= left.x + left.width && right.y < left.y + left.height;
    };
    for (const [width, expected] of [
      [1440, true],
      [390, false],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      expect([width, await isBeside()]).toEqual([width, expected]);
    }
  });

  it('lists what is wrong, with the way to each field', async () => {
    const page = await open('/portal/apps/new/details', { width: 390 });
    await page.getByLabel('Logo URL').fill('logo');
    await page.getByRole('button', { name: 'Next' }).click();
    const summary = page.getByRole('alert').filter({ hasText: '2 fields need another look' });
    await summary.waitFor();
    await expectAccessible(page);
    await summary.getByRole('link', { name: 'Enter the name' }).click();
    await page.locator('#name:focus').waitFor();
    // The browser's own word for a form that was not taken.
    expect(browser.complaints.splice(0)).toEqual([expect.stringContaining('status of 422')]);
  });

  it('works without JavaScript, and Enter means Next', async () => {
    const page = await open('/portal/apps', { javaScriptEnabled: false });
    await visitor.clearCookies();
    await page.goto(`${world.url}/portal`);
    await page.getByLabel('Zocks Owner').check();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Create new app' }).click();
    await page.getByLabel('App name').fill('Meeting Notes');
    await page.getByLabel('App name').press('Enter');
    await page.getByLabel('Redirect URI 1').fill(REDIRECT_URI);
    await page.getByLabel('Redirect URI 1').press('Enter');
    await page.getByRole('button', { name: 'Back' }).click();
    expect(await page.getByLabel('Redirect URI 1').inputValue()).toBe(REDIRECT_URI);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Create app' }).click();
    await page.getByText('Copy the secret now.').waitFor();
    await page.getByRole('link', { name: 'Go to the app' }).click();
    await page.getByRole('button', { name: 'Enable' }).click();
    await page.getByRole('button', { name: 'Disable' }).waitFor();
  });
});
