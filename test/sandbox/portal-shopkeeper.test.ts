import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/browser/browser.ts';
import { CLIENT_ID, startShop, type Shop } from '../support/start-shop.ts';
import { waitUntil } from '../support/wait-until.ts';
import { DETAILS } from '../../sandbox/test/services/portal/support/start-portal.ts';

describe('the portal, for the app it was made for', () => {
  let shop: Shop;
  let account: Awaited<ReturnType<Shop['install']>>;
  let owner: ReturnType<typeof createBrowser>;
  const path = `/portal/apps/${CLIENT_ID}`;

  beforeEach(async () => {
    shop = await startShop();
    account = await shop.install();
    const { sandbox } = shop;
    owner = createBrowser(sandbox.url);
    const person = sandbox.control.zocks.users.find(({ role }) => role === 'owner')?.id ?? '';
    await owner.send('/portal/sign-in', { person });
  });

  afterEach(() => shop.close());

  it('has the bot of Zendesk in its list, and its details on the consent page', async () => {
    expect((await owner.get('/portal/apps')).text).toContain('Marketplace bot');
    await owner.send(`${path}/manage/details`, { ...DETAILS, name: 'Corner shop' });
    const consent = await createBrowser().open(`${shop.url}/install`);
    for (const text of [
      '<bdi>Corner shop</bdi> would like access',
      DETAILS.logoUrl,
      '<li dir="auto">Read notes</li>',
    ])
      expect(consent.text).toContain(text);
  });

  it('manages where Zendesk calls and leads', async () => {
    const wrong = await owner.send(`${path}/manage/marketplace`, { removeUrl: 'remove' });
    expect([wrong.status, wrong.text.includes('id="removeUrl-problem"')]).toEqual([422, true]);
    const configurationUrl = `${shop.url}/settings`;
    const page = await owner.send(`${path}/manage/marketplace`, { configurationUrl });
    expect(page.text).toContain(configurationUrl);
    expect(page.text).not.toContain('Remove URL');
    const admin = await owner.get('/accounts/acme/admin/ai/ai-agents/ai-agents/marketplace-bots');
    expect(admin.text).toContain(`href="${configurationUrl}"`);
    expect((await owner.get(`${path}/manage/scopes`)).status).toBe(404);
  });

  it('stops new installs when the bot is disabled, and leaves those there are', async () => {
    const shopper = createBrowser();
    const callback = await shopper.allow(shop.url, 'bloom');
    await owner.send(`${path}/enabled`, { enabled: 'off' });
    const consent = await createBrowser().open(`${shop.url}/install`);
    expect(consent.status).toBe(400);
    expect(consent.text).toContain('Test shop is not enabled');
    const late = await shopper.open(callback);
    expect(late.status).toBe(502);
    expect(late.text).toContain('disabled in the partner portal');
    expect((await account.browser.open(`${account.statusUrl}/manage`)).text).toContain('1 of 3');

    await owner.send(`${path}/enabled`, { enabled: 'on' });
    expect((await shop.installAndOpen('bloom')).page.status).toBe(200);
  });

  it('makes the install say exactly what is wrong when the secret was rotated', async () => {
    await owner.send(`${path}/secret`);
    const shopper = createBrowser();
    const page = await shopper.open(await shopper.allow(shop.url, 'bloom'));
    expect(page.status).toBe(502);
    expect(page.text).toContain('Zendesk refused this app’s credentials');
    expect(page.text).toContain('The client secret was rotated in the partner portal');
    expect(page.text).toContain('OAUTH_CLIENT_SECRET');
    expect((await account.browser.open(`${account.statusUrl}/manage`)).text).toContain('1 of 3');
  });

  it('removes a deleted bot from every account and tells its maker', async () => {
    expect((await owner.get(`${path}/delete`)).text).toContain('1 account of Zendesk');
    await owner.send(`${path}/delete`);
    expect(shop.zendesk.installations()).toEqual([]);
    // Two looks, 5 s apart, and as long again should one of them get no answer.
    const isGone = async () => (await account.browser.open(account.statusUrl)).status === 404;
    await waitUntil('the installation is gone', isGone, 25_000);
  });
});
