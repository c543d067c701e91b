import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { Routes } from '../../../server/runtime/types.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { postJson } from './support/post-json.ts';

const routes: Routes = (router, { installations }) => {
  router.post('/find', async (request, response) => {
    const { subdomain } = z.object({ subdomain: z.string() }).parse(request.body);
    response.json({ found: (await installations.find({ subdomain })) ?? null });
  });
};

let shop: Shop;
afterEach(() => shop.close());

it('an address that another account has by now leads a route to that one', async () => {
  shop = await startShop({ bot: { routes } });
  const bloom = await shop.installAndOpen('bloom');
  const acme = await shop.installAndOpen('acme');
  const { zendesk } = shop;
  const findAddress = async (id: string) => (await shop.stores.installations.find(id))?.subdomain;

  zendesk.renameAccount({ account: 'acme', subdomain: 'outdoor' });
  await acme.browser.submit(acme.page, '/test-message');
  zendesk.renameAccount({ account: 'acme', subdomain: 'elsewhere' });
  zendesk.renameAccount({ account: 'bloom', subdomain: 'outdoor' });
  await bloom.browser.submit(bloom.page, '/test-message');
  expect([await findAddress(acme.id), await findAddress(bloom.id)]).toEqual(['outdoor', 'outdoor']);

  const { body } = await postJson(`${shop.url}/bot/find`, { subdomain: 'outdoor' });
  expect(body).toMatchObject({ found: { id: bloom.id, subdomain: 'outdoor' } });
  expect(await findAddress(acme.id)).toBe('elsewhere');
});
