import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAccount, ZOOM_APP, type Account } from '../support/open-account.ts';

let account: Account;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.close());

const everyConnection = () => account.shop.stores.connections.list(account.id);

async function addUnauthorized(name: string): Promise<void> {
  await account.send({ name, oauthClientId: '', ...ZOOM_APP });
}

describe('the form of a new connection', () => {
  it('offers each provider’s auth types and shows the redirect URL to register', async () => {
    const page = await account.browser.open(`${account.listUrl}/new`);
    for (const label of ['Zoom · OAuth 2.0', 'Zoom · Custom', 'Zocks · OAuth 2.0'])
      expect(page.text).toContain(label);
    const zoom = await account.browser.open(`${account.listUrl}/new?provider=zoom`);
    expect(zoom.text).toContain(`data-copy="${account.shop.url}/connections/callback/zoom"`);
    expect(zoom.text).toContain('Save &amp; authorize');
    const custom = await account.browser.open(
      `${account.listUrl}/new?authType=custom&provider=zoom`,
    );
    expect(custom.text).toContain('Test &amp; save');
  });

  it('ends its form at a page of ours, because browsers check where a form ends', async () => {
    const sent = await account.send({ name: 'Sales', oauthClientId: '', ...ZOOM_APP });
    expect([sent.status, new URL(account.browser.location(sent)).origin]).toEqual([
      303,
      account.shop.url,
    ]);
    const page = await account.browser.get(account.browser.location(sent));
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self';");
    const href = page.headers.get('refresh')?.replace('0; url=', '') ?? '';
    expect(href).toContain(account.shop.sandbox.url);
    expect(page.text).toContain(`href="${href.replaceAll('&', '&amp;')}">Continue to Zoom</a>`);
  });

  it('starts nothing when that page is only looked at, reloaded or linked to', async () => {
    const sent = await account.send({ name: 'Sales', oauthClientId: '', ...ZOOM_APP });
    const address = account.browser.location(sent);
    const attempts = () =>
      account.shop.database.kysely
        .selectFrom('oauth_attempts')
        .select('provider')
        .where('provider', '=', 'zoom')
        .execute();
    expect((await account.browser.head(address)).status).toBe(303);
    expect(await attempts()).toHaveLength(0);
    expect((await account.browser.get(address)).status).toBe(200);
    expect(await attempts()).toHaveLength(1);
    const again = await account.browser.get(address);
    expect(again.status).toBe(303);
    expect(account.browser.location(again)).toBe(await account.connectionUrl('Sales'));
    expect(await attempts()).toHaveLength(1);
  });

  it.each([
    ['no name', { name: ' ' }, 'name', 'Enter a name.'],
    ['a name of 101 characters', { name: 'x'.repeat(101) }, 'name', 'at most 100'],
    ['a name with a control character', { name: 'a\u0007b' }, 'name', 'letters, digits'],
    ['no client id', { clientId: '' }, 'clientId', 'Enter the client id.'],
    ['a colon in the client id', { clientId: 'a:b' }, 'clientId', 'no colon'],
    ['a look-alike in the client id', { clientId: 'a\u2024b' }, 'clientId', 'look-alike'],
    ['no client secret', { clientSecret: '' }, 'clientSecret', 'Enter the client secret.'],
    ['somebody else’s OAuth client', { oauthClientId: 'x' }, 'oauthClientId', 'Choose one'],
  ])('says beside the field what is wrong with %s', async (_case, change, field, message) => {
    await addUnauthorized('Other');
    const fields = { name: 'Sales', oauthClientId: '', ...ZOOM_APP, ...change };
    const page = await account.send(fields);
    expect(page.status).toBe(422);
    const input = new RegExp(`id="field-${field}"[^>]*aria-invalid="true"[^>]*`).exec(page.text);
    expect(input?.[0]).toMatch(new RegExp(`aria-describedby="[^"]*field-${field}-error`));
    expect(page.text).toMatch(new RegExp(`id="field-${field}-error">[^]*?${message}`));
    expect(page.text).not.toContain(ZOOM_APP.clientSecret);
    expect((await everyConnection()).map(({ name }) => name)).toEqual(['Other']);
  });

  it('keeps what was typed, escaped', async () => {
    const page = await account.send({ name: '"><script>', oauthClientId: '', clientId: 'abc' });
    expect(page.text).toContain('value="&#34;&gt;&lt;script&gt;"');
    expect(page.text).toContain('value="abc"');
  });

  it('refuses a name that is taken, and keeps no OAuth client of that attempt', async () => {
    await addUnauthorized('Sales');
    const page = await account.send({ name: 'Sales', oauthClientId: '', ...ZOOM_APP });
    expect(page.status).toBe(422);
    expect(page.text).toContain('A connection of this name exists.');
    expect(await account.shop.stores.oauthClients.list(account.id)).toHaveLength(1);
  });

  it('refuses a kind of connection that does not exist', async () => {
    const form = await account.browser.open(`${account.listUrl}/new`);
    for (const fields of [{ authType: 'jwt' }, { provider: 'nobody' }]) {
      const answer = await account.browser.fillIn(form, '/connections', fields);
      expect(answer.status).toBe(400);
    }
  });
});
