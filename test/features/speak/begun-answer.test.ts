import { afterEach, it, vi } from 'vitest';
import { beginAndFail, expectQuietEnd } from '../../support/begun-answer.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

let shop: Shop;
afterEach(async () => {
  vi.unstubAllEnvs();
  await shop.close();
});

it('an answer of a route that fails when it has begun ends there, and what the error carries is printed nowhere', async () => {
  // In a test Express prints nothing.
  vi.stubEnv('NODE_ENV', 'production');
  shop = await startShop({
    bot: { routes: (router) => void router.get('/probe', beginAndFail) },
  });
  await expectQuietEnd(shop, '/bot/probe');
});
