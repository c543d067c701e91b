import { type RequestHandler, Router } from 'express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Feature } from '../../server/features/feature.ts';
import { features } from '../../server/features.ts';
import { startShop, type Shop } from '../support/start-shop.ts';

const begin: RequestHandler = (_request, response) => {
  response.write('Begun, ');
  const headers = { authorization: 'Bearer hush-hush' };
  throw Object.assign(new Error('A service refused the call.'), { headers });
};
const probe: Feature = {
  name: 'probe',
  open: () => ({ pages: Router().get('/probe', begin) }),
};

describe('an answer that fails when it has begun', () => {
  let shop: Shop;
  afterEach(async () => {
    vi.unstubAllEnvs();
    await shop.close();
  });

  it.each(['/probe', '/bot/probe'])(
    'of %s ends there, and what the error carries is printed nowhere',
    async (path) => {
      // In a test Express prints nothing.
      vi.stubEnv('NODE_ENV', 'production');
      const print = vi.spyOn(console, 'error').mockImplementation(() => {});
      shop = await startShop({
        bot: { routes: (router) => void router.get('/probe', begin) },
        features: [...features, probe],
      });
      const text = fetch(`${shop.url}${path}`).then((answer) => answer.text());
      await expect(text).rejects.toThrow();
      expect(print.mock.calls).toEqual([]);
      expect(shop.printed.join('\n')).toContain('A service refused the call.');
      expect(shop.printed.join('\n')).not.toContain('hush-hush');
      print.mockRestore();
    },
  );
});
