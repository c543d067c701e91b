import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Core } from '../../../server/core.ts';
import { features } from '../../../server/features.ts';
import type { Feature } from '../../../server/features/feature.ts';
import { moveWebhooks, reconcileWebhook } from '../../../server/installations/webhook/reconcile.ts';
import { CLIENT_ID, startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

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

  it('is the same one, patched, after PUBLIC_URL changed', async () => {
    const { id } = await shop.install();
    const [before] = webhooks();
    const moved = shop.url.replace('localhost', '127.0.0.1');
    await shop.restart(moved);
    const [after, ...others] = webhooks();
    expect(others).toEqual([]);
    expect(after).toMatchObject({ id: before?.id, target: `${moved}/webhooks/${id}` });
    expect(callsOf('UpdateWebhook')[0]?.body).toEqual({ target: `${moved}/webhooks/${id}` });
    expect(callsOf('CreateWebhook')).toHaveLength(1);
  });

  it('is patched after PUBLIC_URL changed, also when Zendesk is away at the start', async () => {
    const { id } = await shop.install();
    if (core === undefined) throw new Error('The app was not put together.');
    shop.zendesk.armFault({ kind: 'answer', operation: 'ListWebhooks', status: 503, times: 2 });
    const publicUrl = shop.url.replace('localhost', '127.0.0.1');
    await moveWebhooks({ ...core, config: { ...core.config, publicUrl } }, 20);
    expect(webhooks()[0]?.target).toContain('localhost');
    const target = `${publicUrl}/webhooks/${id}`;
    await waitUntil('it has followed', () => webhooks()[0]?.target === target);
  });

  it('is patched after PUBLIC_URL changed, also when the database is away at the start', async () => {
    await shop.install();
    if (core === undefined) throw new Error('The app was not put together.');
    const publicUrl = shop.url.replace('localhost', '127.0.0.1');
    const list = vi.fn(core.installations.list).mockRejectedValueOnce(new Error('Away.'));
    const installations = { ...core.installations, list };
    await moveWebhooks({ ...core, installations, config: { ...core.config, publicUrl } }, 20);
    await waitUntil('it has followed', () => webhooks()[0]?.target.startsWith(publicUrl));
  });

  it('is patched after PUBLIC_URL changed, also when its account’s token is checked at the start', async () => {
    const { id } = await shop.install();
    if (core === undefined) throw new Error('The app was not put together.');
    const { installations } = shop.stores;
    await installations.setStatus(id, ['active'], 'checking');
    const publicUrl = shop.url.replace('localhost', '127.0.0.1');
    await moveWebhooks({ ...core, config: { ...core.config, publicUrl } }, 20);
    await installations.setStatus(id, ['checking'], 'active');
    await waitUntil('it has followed', () => webhooks()[0]?.target.startsWith(publicUrl));
  });

  it('is not touched at a restart when nothing changed', async () => {
    await shop.install();
    const before = shop.zendesk.calls.length;
    await shop.restart();
    expect(shop.zendesk.calls).toHaveLength(before);
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
