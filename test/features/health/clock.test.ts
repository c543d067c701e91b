import { afterEach, describe, expect, it } from 'vitest';
import { postgresIsAvailable } from '../../support/store/engines.ts';
import { startShop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let shop: Awaited<ReturnType<typeof startShop>>;
afterEach(() => shop.close());

describe.runIf(postgresIsAvailable)('the clock of an instance', () => {
  it('is said to be off in the log when it starts, because sign-ins and alarms depend on it', async () => {
    shop = await startShop({ engine: 'postgres', now: () => Date.now() + 300_000 });
    const line = await waitUntil('it was looked at', () =>
      shop.printed.find((printed) => printed.includes('ahead of the database')),
    );
    expect(JSON.parse(line)).toMatchObject({
      level: 50,
      msg: expect.stringMatching(/^This machine is 300 s ahead .* time server/),
    });
  });

  it('is not mentioned when it is right', async () => {
    shop = await startShop({ engine: 'postgres' });
    // It stops once it has looked.
    await shop.restart();
    expect(shop.printed.join('')).not.toContain('the database');
  });
});
