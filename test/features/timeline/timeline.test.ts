import { afterEach, describe, expect, it } from 'vitest';
import { createTraceStore } from '../../../server/features/timeline/traces.ts';
import { createBrowser } from '../../support/browser/browser.ts';
import { repliesIn, startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let shop: Shop;
afterEach(() => shop.close());

const readTraces = (id: string) =>
  createTraceStore({ database: shop.database, now: Date.now }).list(id, { limit: 100 });
const keysOf = (trace: { steps: { key: string }[] } | undefined) =>
  trace?.steps.map(({ key }) => key);

describe('the trace of an install', () => {
  it('tells every step, from the consent page to the webhook’s secret', async () => {
    shop = await startShop();
    const { id } = await shop.install();
    const [trace] = await readTraces(id);
    expect(trace).toMatchObject({ kind: 'install', title: 'Installed in Acme Outdoor' });
    expect(keysOf(trace)).toEqual([
      'Authorize',
      'code-returned',
      'state-checked',
      'GetToken',
      'token-kept',
      'GetTokenInfo',
      'account-known',
      'ListWebhooks',
      'webhook-planned',
      'CreateWebhook',
      'webhook-remembered',
    ]);
    const urls = trace?.steps.flatMap(({ call }) => call?.url ?? []);
    expect(urls?.slice(0, 2)).toEqual([
      expect.stringMatching(/\/sc\/oauth\/authorize\?.*state=⟦STATE⟧/),
      `${shop.url}/oauth?code=⟦CODE⟧&state=⟦STATE⟧`,
    ]);
  });

  it('is kept of an account that is installed again, with what became of it', async () => {
    shop = await startShop();
    await shop.install();
    const { id } = await shop.install();
    const [again, first] = await readTraces(id);
    expect(first?.kind).toBe('install');
    const known = again?.steps.find(({ key }) => key === 'account-known');
    expect(known?.values['outcome']).toContain('installed before');
  });

  it('is kept when it was interrupted, and goes on in another one', async () => {
    shop = await startShop();
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status: 500 });
    const browser = createBrowser();
    const problem = await browser.open(await browser.allow(shop.url, 'acme'));
    expect(problem.status).toBe(502);
    const [installation] = await shop.stores.installations.list();
    const id = installation?.id ?? '';
    expect((await readTraces(id)).map(({ title }) => title)).toEqual([
      'The install was interrupted',
    ]);
    await browser.open(`${shop.url}/installations/${id}`);
    const [finished, interrupted] = await readTraces(id);
    expect(keysOf(interrupted)?.at(-1)).toBe('GetTokenInfo');
    expect(finished?.title).toBe('Installed in Acme Outdoor');
    expect(keysOf(finished)?.[0]).toBe('GetTokenInfo');
  });
});

describe('the trace of a button', () => {
  it('exists for the webhook and the test message', async () => {
    shop = await startShop();
    const { browser, page, id } = await shop.installAndOpen();
    await browser.submit(page, '/webhook');
    await browser.submit(page, '/test-message');
    const [message, webhook] = (await readTraces(id)).filter(({ kind }) => kind !== 'event');
    expect(keysOf(webhook)).toEqual(['ListWebhooks', 'webhook-planned', 'webhook-remembered']);
    expect(keysOf(message)).toEqual([
      'CreateUser',
      'ListConversations',
      'CreateConversation',
      'PostMessage',
    ]);
  });

  it('exists for a webhook that follows PUBLIC_URL at start', async () => {
    shop = await startShop();
    const { id } = await shop.install();
    await shop.restart(shop.url.replace('localhost', '127.0.0.1'));
    await waitUntil('it has followed', async () => (await readTraces(id))[0]?.kind === 'webhook');
    const [trace] = await readTraces(id);
    expect(keysOf(trace)).toContain('UpdateWebhook');
  });

  it('exists when it failed, up to the call that did', async () => {
    shop = await startShop();
    const { browser, page, id } = await shop.installAndOpen();
    shop.zendesk.armFault({ kind: 'answer', operation: 'CreateUser', status: 500 });
    await browser.submit(page, '/test-message');
    const [trace] = await readTraces(id);
    expect(trace).toMatchObject({ kind: 'form', steps: [{ call: { status: 500 } }] });
  });
});

describe('the timeline', () => {
  it('shows each step in a sentence, with its call, its source and the documentation', async () => {
    shop = await startShop();
    const { page } = await shop.installAndOpen();
    expect(page.text).toContain('What happened');
    expect(page.text).toContain('with a code that is good once');
    expect(page.text).toContain('It belongs to Acme Outdoor: installed now.');
    expect(page.text).toContain('/oauth?code=•••&amp;state=•••');
    expect(page.text).toMatch(
      /href="\/source\/server\/zendesk\/oauth\.ts\?function=exchangeCode#function"/,
    );
    expect(page.text).toContain(
      'https://developer.zendesk.com/api-reference/conversations/#operation/GetToken',
    );
    expect(page.text).toContain('-H &#39;Authorization: Bearer &#39;&#34;$TOKEN&#34;');
    expect(page.text).not.toMatch(/⟦|⟧|\{(account|outcome|existing|limit|action)\}/);
  });

  it('shows what a customer wrote as text', async () => {
    shop = await startShop();
    const { browser, statusUrl } = await shop.install();
    const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
    shop.zendesk.sendCustomerMessage({ conversationId, text: '<img src=x> {type} "quoted"' });
    await waitUntil('it is answered', () => repliesIn(shop, conversationId).length > 1);
    const page = await waitUntil('it is traced', async () => {
      const status = await browser.get(statusUrl);
      return status.text.includes('“&lt;img src=x&gt;') ? status : undefined;
    });
    expect(page.text).not.toContain('<img src=x>');
  });

  it('begins on the account’s page and goes back to the oldest trace, for the owner alone', async () => {
    shop = await startShop();
    const { browser, id, statusUrl } = await shop.install();
    for (let n = 1; n <= 45; n++) {
      const trace = { installationId: id, kind: 'form', title: `Trace ${n}.`, steps: [] } as const;
      await createTraceStore({ database: shop.database, now: Date.now }).add(trace);
    }
    const list = async (path: string) =>
      (await browser.get(statusUrl + path)).text.match(
        /(?<=conversation-title" dir="auto">)[^<]+/g,
      );
    expect(await list('')).toHaveLength(12);
    const titles = await list('/timeline');
    expect(titles).toHaveLength(46);
    expect(titles?.at(0)).toBe('Trace 45.');
    expect(titles?.at(-1)).toBe('Installed in Acme Outdoor');
    expect((await createBrowser().get(`${statusUrl}/timeline`)).status).toBe(404);
  });

  it.each(['abc', '0', '-1', '1&trace=2', '9'.repeat(40)])(
    'stands an odd choice: %s',
    async (choice) => {
      shop = await startShop();
      const { browser, statusUrl } = await shop.install();
      expect((await browser.get(`${statusUrl}/timeline?trace=${choice}`)).status).toBe(200);
    },
  );

  it('names a call that the catalogue does not know', async () => {
    shop = await startShop();
    const { browser, id, statusUrl } = await shop.install();
    const steps = [{ key: 'OfferControl', at: 1, values: {}, call: null }];
    await createTraceStore({ database: shop.database, now: Date.now }).add({
      installationId: id,
      kind: 'form',
      title: 'New',
      steps,
    });
    const { text } = await browser.get(statusUrl);
    expect(text).toContain('Zendesk was called: OfferControl.');
    expect(text).toContain('#operation/OfferControl');
  });

  it('names files without linking to them where there is no sandbox', async () => {
    shop = await startShop({ sandboxMode: false });
    const { page, browser } = await shop.installAndOpen();
    expect(page.text).toContain('server/zendesk/oauth.ts');
    expect(page.text).not.toContain('/source/');
    const source = await browser.get(`${shop.url}/source/server/zendesk/oauth.ts`);
    expect(source.status).toBe(404);
    expect(source.text).not.toContain('exchangeCode');
  });
});
