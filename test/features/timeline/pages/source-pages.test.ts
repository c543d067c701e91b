import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { once } from 'node:events';
import { get, IncomingMessage } from 'node:http';
import { startShop, type Shop } from '../../../support/start-shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

/** The status of an address sent exactly as it is; `fetch` would tidy it up. */
async function statusOf(path: string): Promise<number | undefined> {
  const [response] = await once(get(shop.url, { path }), 'response');
  if (!(response instanceof IncomingMessage)) throw new Error('There was no answer.');
  response.resume();
  return response.statusCode;
}

describe('the source pages', () => {
  it('show a file with its lines numbered and the line marked that begins a function', async () => {
    const path = '/source/server/installations/status/home.ts?function=showHome';
    const response = await fetch(`${shop.url}${path}`);
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(page).toContain('<span>import type { Request, Response }');
    expect(page).toContain('<span id="function" class="marked">export async function showHome(');
    expect(page.match(/class="marked"/g)).toHaveLength(1);
  });

  it('escape what they show', async () => {
    const page = await (await fetch(`${shop.url}/source/server/remote-call.ts`)).text();
    expect(page).toContain('&lt;Answer&gt;');
    expect(page).not.toContain('<Answer>');
  });

  it.each(['nothing', '<script>', 'a&function=b', '.*'])(
    'mark nothing for the function %s',
    async (name) => {
      const response = await fetch(`${shop.url}/source/server/bot/bot.ts?function=${name}`);
      const page = await response.text();
      expect(response.status).toBe(200);
      expect(page).not.toContain('class="marked"');
    },
  );

  it.each([
    '/source',
    '/source/',
    '/source/server',
    '/source/server/',
    '/source/server/bot',
    '/source/server/missing.ts',
    '/source/package.json',
    '/source/.env',
    '/source/server/../.env',
    '/source/server/../sandbox/src/control.ts',
    '/source/server/%2e%2e/package.json',
    '/source/server/..%2fpackage.json',
    '/source/server%2fapp.ts',
    '/source/server/..%5c..%5cpackage.json',
    '/source//etc/passwd',
    '/source/server//app.ts',
    '/source/server/./app.ts',
    '/source/server/app.ts/',
    '/source/server/APP.ts',
    '/source/server/app.ts%20',
    '/source/sandbox/src/control.ts',
    '/source/test/support/start-shop.ts',
    '/source/data/secrets.ts',
    '/source/server/%E0%A4%A.ts',
  ])('know no such page as %s', async (target) => {
    expect([400, 404]).toContain(await statusOf(target));
  });
});
