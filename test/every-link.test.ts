import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertEvent } from './support/store/insert-event.ts';
import { repliesIn, startShop, type Shop } from './support/start-shop.ts';
import { waitUntil } from './support/wait-until.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

/** Where the tags of a page lead to: pages, stylesheets, scripts and pictures of ours; forms are not sent. */
function readLinks(html: string, url: string): string[] {
  return [...html.matchAll(/<(?:a|link|script|img)\b[^>]*?\s(?:href|src)="([^"]+)"/g)]
    .map(([, href = '']) => new URL(href.replaceAll('&amp;', '&'), url))
    .filter(({ origin }) => origin === new URL(url).origin)
    .map(({ pathname, search }) => pathname + search);
}

it('every page, style and script that a page links to is there, whatever features there are', async () => {
  const { browser, id, statusUrl } = await shop.install();
  const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
  shop.zendesk.sendCustomerMessage({ conversationId, text: 'Is everything here?' });
  await waitUntil('the bot answers', () =>
    repliesIn(shop, conversationId).some((reply) => reply.includes('Is everything here?')),
  );
  await insertEvent(shop.database, { installation_id: id, state: 'failed', settled_at: 1 });

  const seen = new Map<string, number>();
  const left = ['/', new URL(statusUrl).pathname, '/nowhere'];
  for (let path = left.shift(); path !== undefined; path = left.shift()) {
    // The address for Zendesk's deliveries is a link where somebody quotes it.
    if (seen.has(path) || path === '/install' || path.startsWith('/webhooks/')) continue;
    const { status, headers, text } = await browser.get(shop.url + path);
    seen.set(path, status);
    if (headers.get('content-type')?.includes('text/html'))
      left.push(...readLinks(text, shop.url + path));
  }

  const missing = [...seen].filter(([, status]) => status >= 400).map(([path]) => path);
  expect(missing).toEqual(['/nowhere']);
  expect([...seen.keys()]).toEqual(
    expect.arrayContaining([
      `/installations/${id}`,
      expect.stringMatching(/^\/assets\/site-\w+\.css$/),
      expect.stringMatching(/^\/assets\/site-\w+\.js$/),
    ]),
  );
});
