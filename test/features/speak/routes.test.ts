import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { sampleBot as yours } from '../../support/sample-bot.ts';
import type { Feature } from '../../../server/features/feature.ts';
import { openRoutes } from '../../../server/features/speak/routes.ts';
import { features } from '../../../server/features.ts';
import type { BotInstallation, Routes } from '../../../server/runtime/types.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { postJson } from './support/post-json.ts';

const SIGNED_WITH = 'a secret of the shop';
const Order = z.object({ order: z.string(), items: z.array(z.object({ id: z.number() })) });

const routes: Routes = (router, { installations }) => {
  router.post('/orders', (request, response) => {
    response.json(Order.parse(request.body));
  });
  router.post('/signed', (request, response) => {
    const signature = createHmac('sha256', SIGNED_WITH)
      .update(request.rawBody ?? '')
      .digest('hex');
    response.json({ isGenuine: signature === request.get('x-signature') });
  });
  router.post('/broken', () => {
    throw new Error('a secret in a message');
  });
  router.post('/rejected', async () => {
    await Promise.reject(new TypeError('another secret'));
  });
  router.get('/installations', async (_request, response) => {
    const [byName, nobody, all] = await Promise.all([
      installations.find({ subdomain: 'acme' }),
      installations.find({ subdomain: 'nobody' }),
      installations.list(),
    ]);
    const byId = await installations.find({ id: byName?.id ?? '' });
    response.json({ byName, byId, nobody: nobody ?? null, all });
  });
};

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ bot: { routes } });
});
afterAll(() => shop.close());

const post = (path: string, body: unknown, headers = {}) =>
  postJson(`${shop.url}/bot${path}`, body, headers);
const order = { order: '7', items: [{ id: 1 }] };

it('a route of the bot answers other programs: JSON in, JSON out, no cookie', async () => {
  const { status, headers, body } = await post('/orders', order);
  expect({ status, body }).toEqual({ status: 200, body: order });
  expect(headers.get('set-cookie')).toBeNull();
});

it('what a schema of a route refuses is a 400 that names the fields', async () => {
  expect(await post('/orders', { order: 7, items: [{}] })).toMatchObject({
    status: 400,
    body: {
      error: {
        code: 'bad_request',
        message: expect.stringMatching(/order: .*expected string.*items\.0\.id: .*expected number/),
        hint: expect.any(String),
      },
      requestId: expect.any(String),
    },
  });
});

it.each([
  ['is no JSON', '{"order":', 400, 'bad_request'],
  ['is too large', JSON.stringify('x'.repeat(101 * 1024)), 413, 'request_too_large'],
  ['is nested too deeply', '['.repeat(200) + ']'.repeat(200), 400, 'bad_request'],
])('a body that %s never reaches a route', async (_what, body, status, code) => {
  expect(await post('/orders', body)).toMatchObject({ status, body: { error: { code } } });
});

it.each(['/broken', '/rejected'])('what %s throws is logged, and told to nobody', async (path) => {
  const answer = await post(path, {});
  expect(answer).toMatchObject({ status: 500, body: { error: { code: 'unexpected' } } });
  expect(JSON.stringify(answer.body)).not.toMatch(/secret|stack|routes\.test/);
  expect(shop.printed.join('')).toContain('secret');
});

it('a path that is no route says so in JSON, whatever the method', async () => {
  expect(await post('/nothing', {})).toMatchObject({
    status: 404,
    body: { error: { code: 'not_found', message: 'There is no such route.' } },
  });
});

it('a signature is checked over the bytes that were sent', async () => {
  const sent = '{ "order" : "7" }';
  const signature = createHmac('sha256', SIGNED_WITH).update(sent).digest('hex');
  const headers = { 'X-Signature': signature };
  expect((await post('/signed', sent, headers)).body).toEqual({ isGenuine: true });
  expect((await post('/signed', `${sent} `, headers)).body).toEqual({ isGenuine: false });
});

it('a route finds installations by subdomain or id, without their tokens, and only active ones', async () => {
  const { id } = await shop.install('acme');
  const bloom = await shop.install('bloom');
  await shop.stores.installations.setStatus(bloom.id, ['active'], 'revoked');
  const found = await fetch(`${shop.url}/bot/installations`);
  const acme: BotInstallation = { id, subdomain: 'acme', name: 'Acme Outdoor' };
  expect(await found.json()).toEqual({ byName: acme, byId: acme, nobody: null, all: [acme] });
});

it('without routes of the bot there is nothing under /bot but the page of every unknown address', async () => {
  const plain = await startShop();
  const answer = await fetch(`${plain.url}/bot/orders`);
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toContain('text/html');
  await plain.close();
});

it('routes that are swapped while the app runs answer from then on', async () => {
  const answering =
    (text: string): Routes =>
    (router) =>
      void router.get('/which', (_request, response) => response.json(text));
  const bot = { ...yours, routes: answering('the first') };
  const live: Feature = {
    name: 'live',
    open: (core) => ({ endpoints: openRoutes({ ...core, bot }) }),
  };
  const other = await startShop({ features: [...features, live] });
  const ask = async () => (await fetch(`${other.url}/bot/which`)).json();
  expect(await ask()).toBe('the first');
  bot.routes = answering('the second');
  expect(await ask()).toBe('the second');
  await other.close();
});
