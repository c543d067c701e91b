import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT_ID, startShop, type Shop } from '../../support/start-shop.ts';
import { readCsrf } from '../../support/browser/browser.ts';

/** As long as an answer of Zendesk's is believed, and a second. */
const BELIEVED_MS = 11_000;

let ahead = 0;
let shop: Shop;
beforeEach(async () => {
  ahead = 0;
  shop = await startShop({ now: () => Date.now() + ahead });
});
afterEach(() => shop.close());

const at = { account: 'acme', clientId: CLIENT_ID };
const callsOf = (operation: string) =>
  shop.zendesk.calls.filter((call) => call.operation === operation);
const webhooks = () => shop.zendesk.installations()[0]?.webhooks ?? [];

/** Whoever has a token may delete our webhook. */
async function deleteWebhook(): Promise<void> {
  const { path } = callsOf('CreateWebhook')[0] ?? { path: '' };
  const [token] = shop.zendesk.installations()[0]?.accessTokens ?? [];
  const { ok } = await fetch(`${shop.sandbox.url}${path}/${webhooks()[0]?.id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${token}` },
  });
  expect(ok).toBe(true);
}

/** A second deployment of the same client has taken all three before we come. */
function takeAllWebhooks(): string[] {
  shop.zendesk.install(at);
  return [1, 2, 3].map(
    (n) =>
      shop.zendesk.addForeignWebhook({ ...at, target: `https://other${n}.example.com/hook` }).id,
  );
}

describe('the webhook', () => {
  it('is listed with its fingerprint, never with its secret', async () => {
    const { browser, statusUrl } = await shop.install();
    const page = await browser.get(`${statusUrl}/manage`);
    expect(page.text).toMatch(/Secret fingerprint <code>[0-9a-f]{12}</);
    expect(page.text).not.toContain(webhooks()[0]?.secret);
  });

  it('is adopted, not created again, when it is already there', async () => {
    const { browser, page } = await shop.installAndOpen();
    const checked = await browser.submit(page, '/webhook');
    expect(checked.text).toContain('The webhook is registered and points here.');
    expect(callsOf('CreateWebhook')).toHaveLength(1);
    expect(callsOf('UpdateWebhook')).toHaveLength(0);
  });

  it.each(['replace=', 'replace=a&replace=b'])(
    'is checked and nothing is replaced when the form says %s',
    async (fields) => {
      const { browser, page, statusUrl } = await shop.installAndOpen();
      const csrf = readCsrf(page);
      const checked = await fetch(`${statusUrl}/webhook`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams(`_csrf=${encodeURIComponent(csrf)}&${fields}`),
        headers: { cookie: `shopkeeper=${browser.cookies.get('shopkeeper')?.value}` },
      });
      expect(checked.status).toBe(303);
      expect(callsOf('DeleteWebhook')).toHaveLength(0);
    },
  );

  it('is created anew when somebody deleted it', async () => {
    const { browser, statusUrl } = await shop.install();
    await deleteWebhook();
    ahead += BELIEVED_MS;
    const page = await browser.get(statusUrl);
    expect(page.text).toContain('Not registered');
    expect(page.text).toContain('Not answering.');
    await browser.submit(page, '/webhook');
    expect(webhooks()).toHaveLength(1);
  });
});

describe('when all three webhooks are taken', () => {
  it('lets the owner pick', async () => {
    takeAllWebhooks();
    const { page } = await shop.installAndOpen();
    expect(page.text).toContain('Limit reached');
    for (const n of [1, 2, 3]) expect(page.text).toContain(`https://other${n}.example.com/hook`);
    expect(page.text.match(/name="replace"/g)).toHaveLength(3);
  });

  it('replaces exactly the one the owner picked', async () => {
    const [, picked = ''] = takeAllWebhooks();
    const { browser, page, id } = await shop.installAndOpen();
    const replaced = await browser.submit(page, '/webhook', { replace: picked });
    expect(replaced.text).toContain('3 of 3');
    expect(webhooks().map(({ target }) => target)).toEqual([
      'https://other1.example.com/hook',
      'https://other3.example.com/hook',
      `${shop.url}/webhooks/${id}`,
    ]);
  });

  it('deletes nothing when the picked one does not exist', async () => {
    takeAllWebhooks();
    const { browser, page } = await shop.installAndOpen();
    const csrf = readCsrf(page);
    await browser.post(`${page.url}/webhook`, { _csrf: csrf, replace: 'made-up' });
    expect(webhooks()).toHaveLength(3);
    expect(callsOf('DeleteWebhook')).toHaveLength(0);
  });
});

describe('when Zendesk cannot create the webhook', () => {
  it('says that the address is probably not reachable', async () => {
    shop.zendesk.armFault({ kind: 'answer', operation: 'CreateWebhook', status: 400 });
    const { browser, page, statusUrl } = await shop.installAndOpen();
    expect(page.text).toContain('The webhook could not be registered');
    expect(page.text).toContain('cannot reach this app’s address');
    expect(page.text).toContain('id="webhook"');
    expect((await browser.submit(page, '/webhook')).text).toContain('The webhook is registered.');
    expect((await browser.get(statusUrl)).text).not.toContain('id="webhook"');
  });

  it('says so when Zendesk is down, and checks again on request', async () => {
    const { browser, page, statusUrl } = await shop.installAndOpen();
    shop.zendesk.armFault({ kind: 'answer', operation: 'ListWebhooks', status: 503, times: 2 });
    expect((await browser.submit(page, '/webhook')).text).toContain('did not answer properly');
    shop.zendesk.clearFaults();
    ahead += BELIEVED_MS;
    expect((await browser.get(`${statusUrl}/manage`)).text).toContain('Registered');
  });
});
