import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHook, type Hook } from '../../support/open-hook.ts';
import { waitUntil } from '../../support/wait-until.ts';

const NEEDS = 'needs the encryption key "lost", which ENCRYPTION_KEYS does not list';

let hook: Hook;
beforeEach(async () => {
  hook = await openHook({ bot: { onStart: async () => {} } });
});
afterEach(() => hook.shop.close());

/** As after a start without the key that these secrets were encrypted with. */
async function loseKeyOf(...fields: string[]): Promise<void> {
  await hook.shop.database.kysely
    .updateTable('secrets')
    .set({ key_id: 'lost' })
    .where('field', 'in', fields)
    .execute();
  await hook.shop.restart();
}

describe('a start without a key that stored secrets need', () => {
  it('names the key and what is affected in the log, and goes on', async () => {
    await loseKeyOf('access_token', 'webhook_secret');

    const line = await waitUntil('it was looked at', async () =>
      hook.shop.printed.find((printed) => printed.includes('cannot be decrypted')),
    );
    expect(JSON.parse(line)).toMatchObject({
      level: 50,
      keyId: 'lost',
      count: 2,
      owners: [expect.stringContaining(`“Acme Outdoor” (installation ${hook.id})`)],
      reason: expect.stringContaining(NEEDS),
      msg: expect.stringContaining('Put the key "lost" back into ENCRYPTION_KEYS'),
    });
    expect((await fetch(`${hook.shop.url}/readyz`)).status).toBe(200);
  });

  it('says nothing while every key is there', async () => {
    await hook.shop.restart();
    // It stops once it has looked.
    await hook.shop.restart();

    expect(hook.shop.printed.join('')).not.toContain('cannot be decrypted');
  });
});
