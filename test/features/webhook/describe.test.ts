import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCESS_TOKEN } from '../../../server/store/secrets/secrets.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

/** As long as an answer of Zendesk's is believed, and a second. */
const BELIEVED_MS = 11_000;

let ahead = 0;
let shop: Shop;
beforeEach(async () => {
  ahead = 0;
  shop = await startShop({ now: () => Date.now() + ahead });
});
afterEach(() => shop.close());

const callsOf = (operation: string) =>
  shop.zendesk.calls.filter((call) => call.operation === operation);
const webhooks = () => shop.zendesk.installations()[0]?.webhooks ?? [];

/** Whoever has a token may do this to our webhook. */
async function callWebhook(method: string, body?: object): Promise<void> {
  const { path } = callsOf('CreateWebhook')[0] ?? { path: '' };
  const [token] = shop.zendesk.installations()[0]?.accessTokens ?? [];
  const { ok } = await fetch(`${shop.sandbox.url}${path}/${webhooks()[0]?.id}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(ok).toBe(true);
}

describe('looking at the account’s page', () => {
  const asked = () => callsOf('ListWebhooks').length;

  it('asks Zendesk once in ten seconds, however often and at once it is looked at', async () => {
    const { browser, statusUrl } = await shop.installAndOpen();
    ahead += BELIEVED_MS;
    const before = asked();
    const pages = Array.from({ length: 5 }, () => browser.get(`${statusUrl}/manage`));
    for (const page of await Promise.all(pages)) expect(page.text).toContain('Registered');
    await browser.get(`${statusUrl}/manage`);
    expect(asked()).toBe(before + 1);
    ahead += BELIEVED_MS;
    await browser.get(`${statusUrl}/manage`);
    expect(asked()).toBe(before + 2);
  });

  it('asks as seldom while Zendesk does not answer', async () => {
    const { browser, statusUrl } = await shop.installAndOpen();
    ahead += BELIEVED_MS;
    shop.zendesk.armFault({ kind: 'html', operation: 'ListWebhooks', status: 429, times: 50 });
    await browser.get(`${statusUrl}/manage`);
    const before = asked();
    for (let n = 0; n < 3; n += 1)
      expect((await browser.get(`${statusUrl}/manage`)).text).toContain('Not checked');
    expect(asked()).toBe(before);
  });

  it('asks anew after the button, whichever instance shows the page', async () => {
    const other = await shop.addInstance();
    const { browser, id, statusUrl } = await shop.installAndOpen();
    const elsewhere = `${other}/installations/${id}/manage`;
    await browser.get(elsewhere);
    const target = 'https://somewhere-else.example.com/hook';
    await callWebhook('PATCH', { target });
    const page = await browser.get(`${statusUrl}/manage`);
    expect(page.text).not.toContain(target);
    // The form of one instance, the page after it from the other.
    const submitted = await browser.submit(page, '/webhook');
    expect(submitted.text).toContain('updated and points here now');
    const before = asked();
    expect((await browser.get(elsewhere)).text).toContain('Registered');
    expect(asked()).toBe(before + 1);
  });

  it('asks nothing with a token that Zendesk no longer accepts', async () => {
    const { browser, id, statusUrl } = await shop.installAndOpen();
    await shop.stores.installations.setStatus(id, ['active'], 'revoked');
    const before = asked();
    expect((await browser.get(`${statusUrl}/manage`)).text).not.toContain('Check webhook again');
    expect(asked()).toBe(before);
  });

  it('leaves in the log what it cannot explain to an owner', async () => {
    const { browser, statusUrl } = await shop.installAndOpen();
    await shop.database.kysely.deleteFrom('secrets').where('field', '=', ACCESS_TOKEN).execute();
    await shop.restart();
    expect((await browser.get(`${statusUrl}/manage`)).text).toContain('Not checked');
    expect(shop.printed.join('')).toContain('has no token yet');
  });

  it('never asks for the panels that a script brings up to date', async () => {
    const { browser, statusUrl } = await shop.installAndOpen();
    ahead += BELIEVED_MS;
    const before = asked();
    const page = await browser.get(`${statusUrl}?panels`);
    expect(page.text).toContain('id="conversation-list"');
    expect(asked()).toBe(before);
  });
});
