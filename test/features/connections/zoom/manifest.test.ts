import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeZoomApp } from '../../../../server/features/connections/providers/zoom/manifest.ts';
import { createBrowser } from '../../../support/browser/browser.ts';
import { openAccount, type Account } from '../support/open-account.ts';

let account: Account;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.close());

it('the manifest of a Zoom app is downloaded from the form of an OAuth client and that of a connection', async () => {
  const { url } = account.shop;
  const path = `/installations/${account.id}/oauth-clients/manifest/zoom`;
  for (const form of [
    `${account.statusUrl}/oauth-clients/new`,
    `${account.listUrl}/new?provider=zoom`,
  ])
    expect((await account.browser.open(form)).text).toContain(`href="${path}"`);
  const file = await account.browser.get(`${url}${path}`);
  expect(file.headers.get('content-disposition')).toBe(
    'attachment; filename=zoom-app-manifest.json',
  );
  expect(file.headers.get('content-type')).toContain('application/json');
  const manifest = JSON.parse(file.text);
  const redirectUrl = `${url}/connections/callback/zoom`;
  expect(manifest.oauth_information).toMatchObject({
    usage: 'USER_OPERATION',
    development_redirect_uri: redirectUrl,
    production_redirect_uri: redirectUrl,
    oauth_allow_list: [redirectUrl],
    strict_mode: true,
    scopes: [
      { scope: 'user:read:user', optional: false },
      { scope: 'meeting:write:meeting', optional: false },
    ],
  });
  const [subscription] = manifest.features.event_subscription.events;
  expect(subscription.production_webhook_url).toBe(`${url}/zoom/events`);
});

it('the manifest is for owners of the account, and of providers that take one', async () => {
  const list = `${account.statusUrl}/oauth-clients/manifest`;
  expect((await createBrowser().open(`${list}/zoom`)).status).toBe(404);
  expect((await account.browser.open(`${list}/zocks`)).status).toBe(404);
  expect((await account.browser.open(`${list}/nothing`)).status).toBe(404);
});

it('the name in the manifest has fewer than 50 characters', () => {
  const app = { redirectUrl: 'https://a.example/x', publicUrl: 'https://a.example' };
  const { manifest } = describeZoomApp({ ...app, name: 'a'.repeat(60) });
  expect(manifest).toMatchObject({ display_information: { display_name: `${'a'.repeat(48)}…` } });
});
