import { afterEach, describe, expect, it } from 'vitest';
import { parseJson } from '../server/parse-json.ts';
import { startShop, type Shop } from './support/start-shop.ts';

const nest = (levels: number, inside = '1') => '['.repeat(levels) + inside + ']'.repeat(levels);

describe('JSON of others', () => {
  it.each([
    ['what is not JSON', '{', undefined],
    ['a value', '"a"', 'a'],
    ['an empty text', '', undefined],
  ])('is read: %s', (_name, text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  it('is read to a depth of a hundred and no deeper, on every version of Node', () => {
    expect(parseJson(nest(100))).toEqual(JSON.parse(nest(100)));
    expect(parseJson(nest(101))).toBeUndefined();
    expect(parseJson(nest(400_000))).toBeUndefined();
    expect(parseJson(`{"a":${nest(100)}}`)).toBeUndefined();
  });

  it('may have any number of brackets side by side, and within strings', () => {
    const wide = JSON.stringify(Array.from({ length: 500 }, (_, n) => [{ n }]));
    expect(parseJson(wide)).toEqual(JSON.parse(wide));
    const quoted = JSON.stringify({ text: `\\"${'[{'.repeat(300)}`, end: '\\' });
    expect(parseJson(quoted)).toEqual(JSON.parse(quoted));
    expect(parseJson(`{"text":"\\"","list":${nest(100)}}`)).toBeUndefined();
  });
});

describe('JSON that is nested too deeply', () => {
  let shop: Shop;
  afterEach(() => shop.close());
  const post = async (url: string, body: string, headers: Record<string, string> = {}) =>
    await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  it('is answered 400 wherever it comes in, and the same with less depth is not', async () => {
    shop = await startShop();
    const { id } = await shop.install();
    const [webhook] = shop.zendesk.installations()[0]?.webhooks ?? [];
    const key = { 'x-api-key': webhook?.secret ?? '' };
    const event = (levels: number) =>
      `{"events":[{"id":"e${levels}","type":"conversation:message","payload":{"x":${nest(levels)}}}]}`;
    expect((await post(`${shop.url}/webhooks/${id}`, event(90), key)).status).toBe(200);
    expect((await post(`${shop.url}/webhooks/${id}`, event(110), key)).status).toBe(400);

    const remove = (levels: number) => `{"integrationId":"i","appId":"a","x":${nest(levels)}}`;
    expect((await post(`${shop.url}/remove`, remove(90))).status).toBe(200);
    expect((await post(`${shop.url}/remove`, remove(110))).status).toBe(400);

    for (const path of [
      '/sc/oauth/token',
      '/accounts/acme/sc/v2/apps/a/users',
      '/zoom/v2/users/me/meetings',
    ]) {
      const [shallow, deep] = [
        await post(`${shop.sandbox.url}${path}`, nest(90)),
        await post(`${shop.sandbox.url}${path}`, nest(110)),
      ];
      expect(deep.status).toBe(400);
      expect(await deep.text()).not.toBe(await shallow.text());
    }
  });
});
