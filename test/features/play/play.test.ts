import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser, type Browser, type Page } from '../../support/browser/browser.ts';
import { repliesIn, startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { startPlay } from './support/start-play.ts';

describe('without a stand-in', () => {
  it('there is no /play, and nothing links to it', async () => {
    const shop = await startShop({ sandboxMode: false });
    const { browser, statusUrl } = await shop.install();
    for (const path of ['/play', '/play/start', '/play/changes'])
      expect((await browser.get(shop.url + path)).status).toBe(404);
    for (const url of [shop.url, statusUrl])
      expect((await browser.get(url)).text).not.toContain('/play"');
    await shop.close();
  });
});

describe('/play', () => {
  let shop: Shop;
  let browser: Browser;
  let conversationId: string;

  beforeAll(async () => {
    shop = await startPlay();
    browser = createBrowser();
  });
  afterAll(() => shop.close());

  const open = (search = '') => browser.open(`${shop.url}/play${search}`);
  const say = (text: string) => shop.zendesk.sendCustomerMessage({ conversationId, text });
  const answersTo = (text: string) =>
    repliesIn(shop, conversationId).filter((reply) => reply.includes(text)).length;
  const readStations = ({ text }: Page) =>
    [...text.matchAll(/<li class="stop" data-state="(\w+)"/g)].map(([, state]) => state);

  it('offers to install with one click, and the long way', async () => {
    const page = await open();
    expect(page.text).toContain('href="/play/start"');
    expect(page.text).toContain('href="/install"');
    expect(page.text).not.toContain('<iframe');
    expect(readStations(page)).toEqual(Array(7).fill('todo'));
  });

  it('installs by the whole OAuth flow, without the page that asks', async () => {
    const begun = await browser.get(`${shop.url}/play/start`);
    expect(begun.headers.get('location')).toMatch(/\/sc\/oauth\/authorize\?.*state=/);
    const page = await browser.follow(begun);
    expect(page.url).toBe(`${shop.url}/play`);
    expect(page.text).toContain('Acme Outdoor');
    expect(page.text).toContain(`${shop.sandbox.url}/accounts/acme/messenger?embedded`);
    expect(page.headers.get('content-security-policy')).toContain(`frame-src ${shop.sandbox.url}`);
    expect(shop.zendesk.calls.map(({ operation }) => operation)).toContain('GetToken');
  });

  it('is asked for by a link alone: a HEAD begins nothing', async () => {
    const looked = await createBrowser().head(`${shop.url}/play/start`);
    expect(looked.headers.get('location')).toBe('/play');
  });

  it('leaves the page that asks to every other request', async () => {
    const consent = await createBrowser().open(`${shop.url}/install`);
    expect(consent.text).toContain('would like access');
  });

  it('shows the way of a message, with your code', async () => {
    ({ conversationId } = shop.zendesk.createConversation({ account: 'acme' }));
    say('Is <b>this</b> shown?');
    await waitUntil('the journey is over', async () =>
      readStations(await open()).every((state) => state === 'done'),
    );
    const page = await open();
    expect(page.text).toContain('Is &lt;b&gt;this&lt;/b&gt; shown?');
    expect(page.text).toContain('server/bot/on-message.ts');
    expect((await open('?station=sent')).text).toContain('conversation:message');
    const called = await open('?station=called');
    expect(called.text).toContain('PostMessage: 201');
    expect(called.text).toContain('shopkeeperReply');
    expect(called.text).not.toMatch(/Bearer|X-API-Key/i);
  });

  it('breaks the next answer on the visitor’s wish, and the customer gets exactly one', async () => {
    const armed = await browser.submit(await open(), '/play/break', { break: 'lose' });
    expect(armed.text).toContain('aria-pressed="true"');
    say('Lost?');
    await waitUntil('the second attempt found it', async () =>
      (await open('?station=called')).text.includes('there already: not sent again'),
    );
    expect(answersTo('Lost?')).toBe(1);
    expect((await open()).text).toContain('got one answer');
  });

  it('shows that what came twice was stored once', async () => {
    await browser.submit(await open(), '/play/break', { break: 'twice' });
    say('Twice?');
    await waitUntil('both came', async () =>
      (await open()).text.includes('stored once, delivered 2 times'),
    );
    await waitUntil('it was answered', () => answersTo('Twice?') === 1);
  });

  it('takes a fault back when its button is pressed again', async () => {
    await browser.submit(await open(), '/play/break', { break: 'refuse' });
    const page = await browser.submit(await open(), '/play/break', { break: 'refuse' });
    expect(page.text).not.toContain('aria-pressed="true"');
  });

  it('lets nobody else break anything, nor see it', async () => {
    const stranger = createBrowser();
    expect((await stranger.post(`${shop.url}/play/break`, { break: 'lose' })).status).toBe(403);
    expect((await stranger.get(`${shop.url}/play/changes`)).status).toBe(404);
    expect((await stranger.open(`${shop.url}/play`)).text).not.toContain('Lost?');
    const unknown = browser.fillIn(await open(), '/play/break', { break: 'everything' });
    expect((await unknown).status).toBe(404);
  });

  it('forgets a conversation that was deleted, with what was said', async () => {
    shop.zendesk.removeConversation(conversationId);
    await waitUntil('it is gone', async () => !(await open()).text.includes('Twice?'));
  });
});
