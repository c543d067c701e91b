import { describe, expect, it } from 'vitest';
import { engines } from '../../support/store/engines.ts';
import { expectNone, readDatabase, tellSecrets } from '../../support/secrets/tell-secrets.ts';

describe.each(engines)('the timeline on %s', (engine) => {
  it('shows and stores what was called, and none of its secrets', async () => {
    const { shop, browser, statusUrl, secrets } = await tellSecrets({ engine });
    try {
      const page = (await browser.open(`${statusUrl}/timeline`)).text;
      const stored = await readDatabase(shop);
      for (const step of ['code-returned', 'GetToken', 'CreateWebhook', 'EventWebhooks'])
        expect(stored.includes(step), `${step} was traced`).toBe(true);
      expectNone(secrets, { page, database: stored });
    } finally {
      await shop.close();
    }
  });
});
