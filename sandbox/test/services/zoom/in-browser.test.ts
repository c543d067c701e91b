import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectAccessible } from '../../../../test/support/browser/expect-accessible.ts';
import { hasChromium, openChromium } from '../../../../test/support/browser/open-chromium.ts';
import { APP, startZoom } from './support/start-zoom.ts';
import type { ZoomWorld } from './support/start-zoom.ts';

describe.skipIf(!hasChromium())('Zoom’s pages in a browser', () => {
  let browser: Awaited<ReturnType<typeof openChromium>>;
  let world: ZoomWorld;
  let visitor: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    browser = await openChromium();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    world = await startZoom();
    visitor = await browser.newVisitor();
    page = await visitor.newPage();
  });

  afterEach(async () => {
    await visitor.close();
    await world.close();
    expect(browser.complaints).toEqual([]);
  });

  function consentUrl() {
    const query = new URLSearchParams({
      client_id: APP.clientId,
      response_type: 'code',
      redirect_uri: world.redirectUri,
      state: 's',
    });
    return `${world.url}/zoom/oauth/authorize?${query.toString()}`;
  }

  it('have no accessibility faults while the app is switched off', async () => {
    await world.connect();
    world.zoom.setActive(APP.clientId, false);
    await page.goto(`${world.url}/zoom`);
    await expectAccessible(page);
  });

  it('end at the app after consent, which the page allows its form', async () => {
    await page.goto(consentUrl());
    await page.getByLabel('Zoom Admin').check();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL(`${world.redirectUri}?code=**`);
    const code = new URL(page.url()).searchParams.get('code') ?? '';
    expect((await world.exchange(code)).status).toBe(200);
    expect(world.zoom.grants()).toMatchObject([{ userId: world.admin.id }]);
  });

  it('follow what happens without a reload', async () => {
    await page.goto(`${world.url}/zoom`);
    const { access_token: token } = await world.connect();
    await page.getByRole('button', { name: 'Remove the app for this user' }).waitFor();
    await world.createMeeting(token, { topic: 'Tent fitting' });
    await page.getByRole('link', { name: 'Tent fitting' }).waitFor();
    await page.getByRole('button', { name: 'Remove the app for this user' }).click();
    await page.getByText('Nobody has allowed it yet').waitFor();
    expect(world.zoom.grants()).toEqual([]);
  });

  it('copy a credential', async () => {
    await visitor.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${world.url}/zoom`);
    await page.getByRole('button', { name: 'Copy the client secret of Meeting Bot' }).click();
    await page.getByRole('status').getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(APP.clientSecret);
  });
});
