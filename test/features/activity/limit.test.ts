import { afterEach, expect, it } from 'vitest';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let shop: Shop;
afterEach(() => shop.close());

it('an owner who opens a twenty-first live feed loses the oldest', async () => {
  shop = await startShop();
  const { browser, statusUrl } = await shop.install();
  const cookie = `shopkeeper=${browser.cookies.get('shopkeeper')?.value}`;
  const ended: number[] = [];
  const stopping = new AbortController();
  const open = async (n: number) => {
    const response = await fetch(`${statusUrl}/activity`, {
      headers: { cookie, accept: 'text/event-stream' },
      signal: stopping.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    response.text().then(
      () => ended.push(n),
      () => {},
    );
  };
  for (let n = 1; n <= 20; n++) await open(n);
  expect(ended).toEqual([]);
  await open(21);
  await waitUntil('one has ended', () => ended.length > 0);
  expect(ended).toEqual([1]);
  stopping.abort();
});
