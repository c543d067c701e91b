import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../../server/core.ts';
import { features } from '../../../server/features.ts';
import type { Feature } from '../../../server/features/feature.ts';
import { reconcileWebhook } from '../../../server/installations/webhook/reconcile.ts';
import { CLIENT_ID, startShop, type Shop } from '../../support/start-shop.ts';

let core: Core | undefined;
const probe: Feature = {
  name: 'probe',
  open(given) {
    core = given;
    return {};
  },
};

let shop: Shop;
beforeEach(async () => {
  shop = await startShop({ features: [...features, probe] });
});
afterEach(() => shop.close());

const callsOf = (operation: string) =>
  shop.zendesk.calls.filter((call) => call.operation === operation);
const webhooks = () => shop.zendesk.installations()[0]?.webhooks ?? [];

describe('the webhook', () => {
  it('of an installation that was removed meanwhile is not said to want for room', async () => {
    if (core === undefined) throw new Error('The app was not put together.');
    expect(await reconcileWebhook(core, 'removed')).toBe('gone');
    expect(shop.zendesk.calls).toEqual([]);
  });

  it('is created at install with the triggers the bot needs', async () => {
    const { id } = await shop.install();
    const [webhook] = webhooks();
    expect(webhook?.target).toBe(`${shop.url}/webhooks/${id}`);
    expect(webhook?.triggers).toContain('conversation:message');
  });

  it('takes no other one’s place by itself, and the install succeeds all the same', async () => {
    const at = { account: 'acme', clientId: CLIENT_ID };
    shop.zendesk.install(at);
    const taken = [1, 2, 3].map(
      (n) =>
        shop.zendesk.addForeignWebhook({ ...at, target: `https://other${n}.example.com/hook` }).id,
    );
    const { page, id } = await shop.installAndOpen();
    expect(page.status).toBe(200);
    expect(webhooks().map((one) => one.id)).toEqual(taken);
    expect(callsOf('DeleteWebhook')).toHaveLength(0);
    const lines = shop.notes.latest(id, 10).map(({ text }) => text);
    expect(lines.join()).toContain('all 3 are taken');
  });

  it('is one, however often the account is installed after our database was lost', async () => {
    for (let times = 0; times < 4; times++) {
      const { id } = await shop.install();
      expect(webhooks().map(({ target }) => target)).toEqual([`${shop.url}/webhooks/${id}`]);
      await shop.stores.installations.remove(id, { kind: 'removed', text: 'Lost.' });
    }
  });

  it('does not hinder the install when it cannot be created, and why is written down', async () => {
    shop.zendesk.armFault({ kind: 'answer', operation: 'CreateWebhook', status: 400 });
    const { page, id } = await shop.installAndOpen();
    expect(page.status).toBe(200);
    const lines = shop.notes.latest(id, 10).map(({ text }) => text);
    expect(lines.join()).toContain('cannot reach this app’s address');
  });
});
