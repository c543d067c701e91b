import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findKeyProblems } from '../../server/commands/doctor/key-use.ts';
import { deliveryOf, openHook, type Hook } from '../support/open-hook.ts';
import { waitUntil } from '../support/wait-until.ts';

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

describe('without a key that stored secrets need, the app', () => {
  it('keeps Zendesk delivering, and says why in the log', async () => {
    await loseKeyOf('webhook_secret');

    expect((await hook.post(deliveryOf(['event']))).status).toBe(503);
    expect(hook.shop.printed.join('')).toContain('A stored secret needs the encryption key');
  });

  it('puts the reason on the event that waits for it', async () => {
    await loseKeyOf('access_token');
    const { conversationId } = hook.shop.zendesk.createConversation({ account: 'acme' });
    hook.shop.zendesk.sendCustomerMessage({ conversationId, text: 'Hello?' });

    const reason = await waitUntil('it was tried', async () => {
      const events = await hook.stored();
      return events.find(({ state, note }) => state === 'waiting' && note !== null)?.note;
    });

    expect(reason).toContain(NEEDS);
  });
});

describe('the pages of an account whose key is lost', () => {
  async function openStatus() {
    const { browser, statusUrl } = await reinstall();
    await loseKeyOf('access_token', 'webhook_secret');
    return { browser, statusUrl, page: await browser.get(statusUrl) };
  }
  const reinstall = () => hook.shop.install();

  it('show what is known and explain the rest', async () => {
    const { page } = await openStatus();

    expect(page.status).toBe(200);
    expect(page.text).toContain('needs the encryption key');
    expect(page.text).toContain('connect again');
  });

  it.each(['/test-message', '/webhook', '/disconnect'])(
    'explain it when %s needs the token',
    async (action) => {
      const { browser, page } = await openStatus();

      const answer = await browser.submit(page, action);

      expect(answer.status).toBe(500);
      expect(answer.text).toContain('needs the encryption key');
      expect(answer.text).toContain('ENCRYPTION_KEYS');
      expect(answer.text).not.toMatch(/\.[jt]s:\d/);
      expect(await hook.shop.stores.installations.find(hook.id)).toMatchObject({
        status: 'active',
      });
    },
  );

  it('work again once the account is connected again', async () => {
    await openStatus();

    const { browser, statusUrl, id } = await reinstall();

    expect(id).toBe(hook.id);
    expect((await browser.get(`${statusUrl}/manage`)).text).toContain('Registered');
    expect((await hook.post(deliveryOf(['event']))).status).toBe(200);
    expect(await findKeyProblems({ ...hook.shop, ...hook.shop.stores, secretOwners: [] })).toEqual(
      [],
    );
  });
});
