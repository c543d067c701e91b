import { afterEach, describe, expect, it } from 'vitest';
import { checkSchema } from '../../../server/features/settings/read-value.ts';
import { createBrowser, readCsrf } from '../../support/browser/browser.ts';
import { openSettings, type OpenSettings } from './support/open-settings.ts';

let at: OpenSettings | undefined;
afterEach(async () => {
  await at?.close();
  at = undefined;
});

describe('the Configuration URL', () => {
  it('leads the owner of one account to its settings, and others to the start', async () => {
    at = await openSettings();
    const { url, shop, browser } = at;
    expect((await browser.open(`${shop.url}/settings`)).url).toBe(url);
    const { status, text } = await createBrowser().get(`${shop.url}/settings`);
    expect(status).toBe(200);
    expect(text).toContain('Add to Zendesk');
  });

  it('lists several accounts, each with its settings', async () => {
    at = await openSettings();
    const { browser, shop, id } = at;
    await browser.open(await browser.allow(shop.url, 'bloom'));
    const { text } = await browser.open(`${shop.url}/settings`);
    expect(text).toContain(`href="/installations/${id}/settings"`);
    expect(text).toContain('Bloom');
    expect((await browser.open(shop.url)).text).not.toContain(`${id}/settings`);
  });

  it('leads to the page of an account that has to be reconnected first', async () => {
    at = await openSettings();
    const { browser, shop, id, statusUrl } = at;
    await shop.stores.installations.setStatus(id, ['active'], 'revoked');
    expect((await browser.open(`${shop.url}/settings`)).url).toBe(statusUrl);
  });

  it('leads to the account’s page while the bot has no settings, and that has no card of them', async () => {
    at = await openSettings({ schema: {} });
    const { browser, shop, statusUrl, url } = at;
    const page = await browser.open(`${shop.url}/settings`);
    expect(page.url).toBe(statusUrl);
    expect(page.text).not.toContain('Change settings');
    expect((await browser.open(url)).text).toContain('This bot has no settings.');
  });
});

describe('the form', () => {
  it('is for the owners of the account alone', async () => {
    at = await openSettings();
    expect((await createBrowser().get(at.url)).status).toBe(404);
    const stranger = await at.shop.install('bloom');
    expect((await stranger.browser.get(at.url)).status).toBe(404);
    const page = await stranger.browser.open(`${stranger.statusUrl}/settings`);
    const csrf = readCsrf(page);
    const sent = await stranger.browser.post(at.url, {
      _csrf: csrf,
      'greeting.loaded': '',
      greeting: 'Hi',
    });
    expect(sent.status).toBe(404);
  });

  it('takes nothing without the token of the page', async () => {
    at = await openSettings();
    const sent = await at.browser.post(at.url, { 'greeting.loaded': '', greeting: 'Hi' });
    expect(sent.status).toBe(403);
    expect(await at.shop.database.kysely.selectFrom('settings').selectAll().execute()).toEqual([]);
  });

  it('passes over fields that it did not have, that came twice, or that nobody knows', async () => {
    at = await openSettings();
    const csrf = readCsrf(await at.open());
    const body = `_csrf=${csrf}&greeting=a&greeting=b&greeting.loaded=&retries=7&constructor.loaded=&constructor=x`;
    const sent = await fetch(at.url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        cookie: at.browser.cookieHeader(),
        'content-type': 'application/x-www-form-urlencoded',
      },
      body,
    });
    expect(sent.status).toBe(303);
    expect(await at.shop.database.kysely.selectFrom('settings').selectAll().execute()).toEqual([]);
  });

  it('is found from the account’s page, and what was set is in its export', async () => {
    at = await openSettings();
    const { browser, statusUrl, url } = at;
    await at.save({ greeting: 'Hi', apiKey: 'a-very-secret-key' });
    expect((await browser.open(`${statusUrl}/manage`)).text).toContain(
      `href="${new URL(url).pathname}"`,
    );
    expect(JSON.parse((await browser.get(`${statusUrl}/export`)).text)).toMatchObject({
      settings: [
        { name: 'apiKey', value: '[hidden]' },
        { name: 'greeting', value: 'Hi' },
      ],
    });
    expect((await browser.open(`${statusUrl}/delete`)).text).toContain('what was set for the bot');
    expect((await browser.open(`${at.shop.url}/privacy`)).text).toContain(
      'What was set for the bot, secrets among it encrypted</th><td>Until removal',
    );
  });

  it('asks for a secret again that can no longer be read', async () => {
    at = await openSettings();
    await at.save({ apiKey: 'a-very-secret-key' });
    const { kysely } = at.shop.database;
    await kysely
      .updateTable('secrets')
      .set({ key_id: 'lost' })
      .where('owner', 'like', 'setting:%')
      .execute();
    expect((await at.open()).text).toContain('can no longer be read: enter it again');
    expect((await at.ask()).apiKey).toBeUndefined();
    await at.save({ apiKey: 'the-second-secret' });
    expect((await at.ask()).apiKey).toBe('the-second-secret');
  });
});

describe('a mistake in the bot’s settings stops the start:', () => {
  it.each([
    ['a name', { 'a.b': { kind: 'switch', label: 'x' } }, 'needs a name of letters and digits'],
    ['no options', { a: { kind: 'choice', label: 'x', options: {} } }, 'has no options'],
    [
      'a default that is none of the options',
      { a: { kind: 'choice', label: 'x', options: { b: 'B' }, default: 'c' } },
      'has a default that its form would refuse: Choose one of these.',
    ],
    [
      'a default out of range',
      { a: { kind: 'number', label: 'x', min: 3, default: 2 } },
      'Enter 3 or more.',
    ],
    [
      'more text than a form takes',
      { a: { kind: 'longText', label: 'x', maxLength: 10_001 } },
      'may have 10001 characters, and a form takes 10000',
    ],
  ] as const)('%s', (_what, schema, message) => {
    expect(() => checkSchema(schema)).toThrow(message);
  });
});
