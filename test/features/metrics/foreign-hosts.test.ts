import { afterEach, describe, expect, it } from 'vitest';
import { askAsHost, FOREIGN, OWN } from '../../support/browser/ask-as-host.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

let shop: Shop;
afterEach(() => shop.close());
const askAs = async (host: string, headers: Record<string, string> = {}) =>
  (await askAsHost(`${shop.url}/metrics`, host, { headers })).status;

describe('the metrics', () => {
  it.each([true, false])(
    'are for this machine, under a name of its own (with the sandbox: %s)',
    async (sandboxMode) => {
      shop = await startShop({ sandboxMode });
      for (const host of FOREIGN) expect(await askAs(host), host).toBe(403);
      for (const host of OWN) expect(await askAs(host), host).toBe(200);
    },
  );

  it('are for whoever has the METRICS_TOKEN, whatever the name', async () => {
    const token = 'a-token-for-whoever-scrapes';
    shop = await startShop({ sandboxMode: false, variables: () => ({ METRICS_TOKEN: token }) });
    expect(await askAs('app-1:3000', { authorization: `Bearer ${token}` })).toBe(200);
  });
});
