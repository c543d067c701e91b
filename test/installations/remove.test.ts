import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT_ID, startShop, type Shop } from '../support/start-shop.ts';
import { waitUntil } from '../support/wait-until.ts';

let clock = 0;
let shop: Shop;
beforeEach(async () => {
  clock = 0;
  shop = await startShop({ now: () => Date.now() + clock });
});
afterEach(() => shop.close());

const at = { account: 'acme', clientId: CLIENT_ID };

async function removeCallback(body: unknown): Promise<Response> {
  return fetch(`${shop.url}/remove`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Everything the database holds of an installation, the final activity line aside. */
async function leftovers(id: string): Promise<string[]> {
  const { kysely } = shop.database;
  const tables = [
    'installations',
    'installation_owners',
    'secrets',
    'events',
    'conversations',
    'activity',
  ] as const;
  const rows = await Promise.all(
    tables.map((table) => kysely.selectFrom(table).selectAll().execute()),
  );
  return rows
    .flat()
    .map((row) => JSON.stringify(row))
    .filter((row) => row.includes(id));
}

const isGone = async (id: string) => (await shop.stores.installations.find(id)) === undefined;

/** Lets a scheduled look at the token come due, as often as it takes. */
async function waitForChecks(condition: () => Promise<boolean>): Promise<void> {
  await waitUntil('the removal was judged', async () => {
    clock += 60_000;
    return condition();
  });
}

async function talk(): Promise<string> {
  const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
  shop.zendesk.sendCustomerMessage({ conversationId, text: 'a private matter' });
  await waitUntil('the bot answered', () => shop.zendesk.messages(conversationId).length >= 3);
  return conversationId;
}

describe('disconnecting', () => {
  it('revokes at Zendesk and leaves nothing but one line behind', async () => {
    const { browser, page, id } = await shop.install();
    await talk();
    const home = await browser.submit(page, '/disconnect');
    expect(home.url).toBe(`${shop.url}/`);
    expect(home.text).toContain('is disconnected');
    expect(shop.zendesk.installations()).toEqual([]);
    await shop.zendesk.settled();
    const rows = await leftovers(id);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain('was disconnected by its owner');
  });

  it('changes nothing and says so when Zendesk cannot be reached', async () => {
    const { browser, page, id } = await shop.install();
    shop.zendesk.armFault({ kind: 'answer', operation: 'RevokeAccess', status: 500 });
    const failed = await browser.submit(page, '/disconnect');
    expect(failed.status).toBe(502);
    expect(failed.text).toContain('Nothing was changed');
    expect(await shop.stores.installations.find(id)).toMatchObject({ status: 'active' });
  });

  it('counts as done when Zendesk had revoked the token already', async () => {
    const { browser, page, id } = await shop.install();
    shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
    shop.zendesk.removeInstallation(at);
    await browser.submit(page, '/disconnect');
    expect(await isGone(id)).toBe(true);
  });

  it('lets the account be installed again afterwards, as a new installation', async () => {
    const { browser, page, id } = await shop.install();
    await browser.submit(page, '/disconnect');
    expect((await shop.install()).id).not.toBe(id);
  });
});

describe('the remove callback', () => {
  it('of a real removal leaves nothing behind', async () => {
    const { id } = await shop.install();
    await talk();
    shop.zendesk.removeInstallation(at);
    await waitUntil('the installation is gone', () => isGone(id));
    const rows = await leftovers(id);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain('was removed on the Zendesk side');
  });

  it('that is spoofed removes nothing, however often Zendesk is asked', async () => {
    const { id } = await shop.install();
    const { app_id: appId } = (await shop.stores.installations.find(id)) ?? {};
    expect((await removeCallback({ appId, integrationId: 'made-up' })).status).toBe(200);
    await waitForChecks(async () => {
      const lines = await shop.stores.activity.latest(id, 10);
      return lines.some(({ text }) => text.includes('still accepts our token: kept'));
    });
    expect(await shop.stores.installations.find(id)).toMatchObject({ status: 'active' });
    const looks = shop.zendesk.calls.filter(({ operation }) => operation === 'GetTokenInfo');
    expect(looks).toHaveLength(1 + 4);
  });

  it('that comes before the revocation has spread is believed at a later look', async () => {
    const { id } = await shop.install();
    const { app_id: appId } = (await shop.stores.installations.find(id)) ?? {};
    await removeCallback({ appId, integrationId: 'x' });
    await waitUntil(
      'Zendesk was asked once',
      async () =>
        shop.zendesk.calls.filter(({ operation }) => operation === 'GetTokenInfo').length > 1,
    );
    shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
    shop.zendesk.removeInstallation(at);
    await waitForChecks(() => isGone(id));
  });

  it('waits for Zendesk to answer before it believes anything', async () => {
    const { id } = await shop.install();
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status: 500, times: 10 });
    shop.zendesk.removeInstallation(at);
    await waitForChecks(() => isGone(id));
  });

  it('that is late does not harm a new install of the same account', async () => {
    const { id, browser, page } = await shop.install();
    const { app_id: appId } = (await shop.stores.installations.find(id)) ?? {};
    shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
    await browser.submit(page, '/disconnect');
    const again = await shop.install();
    await removeCallback({ appId, integrationId: 'old' });
    await waitForChecks(async () =>
      (await shop.stores.activity.latest(again.id, 10)).some(
        ({ kind }) => kind === 'remove-callback',
      ),
    );
    expect(await shop.stores.installations.find(again.id)).toMatchObject({ status: 'active' });
  });

  it.each([
    ['an app nobody knows', { appId: 'unknown', integrationId: 'x' }, 200],
    ['a missing integration id', { appId: 'unknown' }, 400],
    ['a list', [], 400],
    ['a number', 7, 400],
  ])('answers %s with the right status', async (_name, body, status) => {
    expect((await removeCallback(body)).status).toBe(status);
  });

  it('answers what is not JSON, and nothing at all, with 400', async () => {
    for (const body of ['{', '']) {
      expect((await fetch(`${shop.url}/remove`, { method: 'POST', body })).status).toBe(400);
    }
  });
});

describe('a removal whose callback was lost', () => {
  it('shows as revoked on the status page, answers deliveries with 503, and reconnects', async () => {
    const { browser, id, statusUrl } = await shop.install();
    shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
    shop.zendesk.removeInstallation(at);
    const page = await browser.get(statusUrl);
    expect(page.text).toContain('no longer accepts our token');
    expect(await shop.stores.installations.find(id)).toMatchObject({ status: 'revoked' });
    const delivery = await fetch(`${shop.url}/webhooks/${id}`, { method: 'POST', body: '{}' });
    expect(delivery.status).toBe(503);
    expect((await shop.install()).id).toBe(id);
    expect(await shop.stores.installations.find(id)).toMatchObject({ status: 'active' });
  });
});
