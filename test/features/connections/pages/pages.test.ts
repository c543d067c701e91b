import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAccount, readAuthorizeUrl, ZOOM_APP, type Account } from '../support/open-account.ts';

let account: Account;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.close());

const everyConnection = () => account.shop.stores.connections.list(account.id);

describe('the list of connections', () => {
  it('shows an empty list with the way to the first one', async () => {
    const page = await account.browser.open(account.listUrl);
    expect(page.text).toContain('No connections yet');
    expect(page.text).toContain(`href="/installations/${account.id}/connections/new"`);
  });

  it('shows status, reason, who it is connected as, and the times', async () => {
    await account.connect();
    const page = await account.browser.open(account.listUrl);
    for (const text of ['Sales', 'Connected', account.firstUser.email, 'Last tested', 'Last used'])
      expect(page.text).toContain(text);
    expect(page.text).toMatch(/Token expires<\/dt><dd><time/);
  });

  it('is searched and filtered once there are more than five', async () => {
    for (const name of ['A', 'B', 'C', 'D', 'E']) await addUnauthorized(name);
    expect((await account.browser.open(account.listUrl)).text).not.toContain('<search>');
    await account.connect({ name: 'Sales & <b>more</b>' });
    const all = await account.browser.open(account.listUrl);
    expect(all.text).toContain('<search>');
    expect(all.text).toContain('Sales &amp; &lt;b&gt;more&lt;/b&gt;');

    const namesAt = async (query: string) => {
      const { text } = await account.browser.open(`${account.listUrl}?${query}`);
      return [...text.matchAll(/<h2><a [^>]*>([^<]*)<\/a>/g)].map(([, name]) => name);
    };
    expect(await namesAt('status=needs_reconnect')).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(await namesAt(`q=${account.firstUser.email.toUpperCase()}`)).toHaveLength(1);
    expect(await namesAt('q=b&status=connected')).toHaveLength(1);
    expect(await namesAt('provider=zocks')).toEqual([]);
    expect(await namesAt('status=nonsense')).toHaveLength(6);
  });
});

async function addUnauthorized(name: string): Promise<void> {
  await account.send({ name, oauthClientId: '', ...ZOOM_APP });
}

describe('a connection', () => {
  it('can be renamed, which keeps its access', async () => {
    await account.connect();
    const { id, oauth_client_id: oauthClientId } = await account.findConnection('Sales');
    const fields = { name: 'Support', oauthClientId: oauthClientId ?? '' };
    const answer = await account.press('Sales', `/connections/${id}`, fields);
    expect((await account.browser.follow(answer)).text).toContain('Saved.');
    expect(await account.findConnection('Support')).toMatchObject({ id, status: 'connected' });
  });

  it('goes to the provider for another OAuth client, after the old access was revoked', async () => {
    await account.connect();
    const other = { clientId: 'other-app_tests', clientSecret: 'other-secret' };
    await account.send({ name: 'Other', oauthClientId: '', ...other });
    const { oauth_client_id: otherId } = await account.findConnection('Other');
    const { id } = await account.findConnection('Sales');
    const fields = { name: 'Sales', oauthClientId: otherId ?? '' };
    const answer = await account.press('Sales', `/connections/${id}`, fields);
    expect(answer.status).toBe(303);
    const { searchParams: asked } = await readAuthorizeUrl(account.browser, answer);
    expect(asked.get('client_id')).toBe(other.clientId);
    expect(account.zoom.grants()).toEqual([]);
    const changed = await account.findConnection('Sales');
    expect([changed.id, changed.status]).toEqual([id, 'needs_reconnect']);
  });

  it('says before it is deleted what stops working', async () => {
    await account.connect();
    const page = await account.browser.open(await account.connectionUrl('Sales'));
    expect(page.text).toMatch(/This stops working[^<]*The bot answers “meet”/);
    expect(page.text).toContain('Its access is revoked at Zoom.');
  });

  it('stays when it cannot be revoked, unless its owner wants that', async () => {
    await account.connect();
    const fault = { kind: 'answer', operation: 'ZoomRevoke', status: 500 } as const;
    account.shop.zendesk.armFault(fault);
    const kept = await account.browser.follow(await account.press('Sales', '/delete'));
    expect(kept.text).toContain('Nothing was deleted');
    expect(await everyConnection()).toHaveLength(1);
    await account.press('Sales', '/delete', { withoutRevoking: '1' });
    expect(await everyConnection()).toEqual([]);
    const [line] = account.shop.notes.latest(account.id, 1);
    expect(line?.text).toContain('was not revoked');
  });

  it('of a service that the app is no longer set up for says why it stays, and goes without revoking', async () => {
    await account.connect();
    const { database } = account.shop;
    await database.kysely.updateTable('connections').set({ provider: 'gone' }).execute();
    const page = await account.browser.open(await account.connectionUrl('Sales'));
    expect(page.text).toContain('because this app is no longer set up for gone');
    const kept = await account.browser.follow(await account.press('Sales', '/delete'));
    expect(kept.text).toContain('Nothing was deleted');
    await account.press('Sales', '/delete', { withoutRevoking: '1' });
    expect(await everyConnection()).toEqual([]);
  });

  it('says which connection the bot uses instead', async () => {
    await account.connect();
    await account.connectServer();
    const page = await account.browser.open(await account.connectionUrl('Server'));
    expect(page.text).toContain('the bot uses <bdi>“Sales”</bdi>');
  });
});
