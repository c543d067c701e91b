import { request, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { engines } from '../support/store/engines.ts';
import { startShop, type Shop } from '../support/start-shop.ts';

let shop: Shop;
afterEach(() => shop.close());

/** The status and body for a request target as it is: fetch would put it in order first. */
async function ask(method: string, path: string, cookie = '') {
  const { port } = new URL(shop.url);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ port, method, path, headers: { cookie } }, resolve).on('error', reject).end();
  });
  const body = (await response.setEncoding('utf8').toArray()).join('');
  return { status: response.statusCode, body };
}

describe.each(engines)('a request target on %s', (engine) => {
  it.each([
    ['for the server as a whole', 'OPTIONS', '*'],
    ['for a proxy', 'GET', 'http://other.example/'],
    [
      'for a proxy, with a port that is none',
      'GET',
      'http://other.example:999999/oauth?code=a&state=b',
    ],
    ['for a proxy, with a host that is none', 'GET', 'http://[::1/oauth'],
  ])('that is %s is refused', async (_name, method, path) => {
    shop = await startShop({ engine });
    expect(await ask(method, path)).toEqual({ status: 400, body: '' });
    expect((await fetch(shop.url)).status).toBe(200);
  });

  it('with U+0000 is refused to the owner as to everybody', async () => {
    shop = await startShop({ engine });
    const { browser, id } = await shop.install();
    const cookie = `shopkeeper=${browser.cookies.get('shopkeeper')?.value}`;
    const paths = ['/installations/%00', `/installations/${id}/connections/a%00b`];
    for (const path of paths) {
      expect((await ask('GET', path, cookie)).status, path).toBe(400);
      expect((await ask('GET', path)).status, path).toBe(400);
    }
  });
});
