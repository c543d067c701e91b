import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { features } from '../../../server/features.ts';
import { moveWebhooks } from '../../../server/features/moves/index.ts';
import { createRemovalProbe } from '../../support/removal-probe.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

const { probe, core } = createRemovalProbe();

let shop: Shop;
let publicUrl: string;
beforeEach(async () => {
  shop = await startShop({ features: [...features, probe] });
  publicUrl = shop.url.replace('localhost', '127.0.0.1');
});
afterEach(() => shop.close());

const callsOf = (operation: string) =>
  shop.zendesk.calls.filter((call) => call.operation === operation);
const webhooks = () => shop.zendesk.installations()[0]?.webhooks ?? [];
const moved = () => ({ ...core(), config: { ...core().config, publicUrl } });

describe('the webhook', () => {
  it('is the same one, patched, after PUBLIC_URL changed', async () => {
    const { id } = await shop.install();
    const [before] = webhooks();
    await shop.restart(publicUrl);
    const target = `${publicUrl}/webhooks/${id}`;
    await waitUntil('it has followed', () => webhooks()[0]?.target === target);
    const [after, ...others] = webhooks();
    expect(others).toEqual([]);
    expect(after?.id).toBe(before?.id);
    expect(callsOf('UpdateWebhook')[0]?.body).toEqual({ target });
    expect(callsOf('CreateWebhook')).toHaveLength(1);
  });

  it('is patched after PUBLIC_URL changed, also when Zendesk is away at the start', async () => {
    const { id } = await shop.install();
    shop.zendesk.armFault({ kind: 'answer', operation: 'ListWebhooks', status: 503, times: 2 });
    await moveWebhooks(moved(), 20);
    expect(webhooks()[0]?.target).toContain('localhost');
    const target = `${publicUrl}/webhooks/${id}`;
    await waitUntil('it has followed', () => webhooks()[0]?.target === target);
  });

  it('is patched after PUBLIC_URL changed, also when the database is away at the start', async () => {
    await shop.install();
    const list = vi.fn(core().installations.list).mockRejectedValueOnce(new Error('Away.'));
    await moveWebhooks({ ...moved(), installations: { ...core().installations, list } }, 20);
    await waitUntil('it has followed', () => webhooks()[0]?.target.startsWith(publicUrl));
  });

  it('is patched after PUBLIC_URL changed, also when its account’s token is checked at the start', async () => {
    const { id } = await shop.install();
    const { installations } = shop.stores;
    await installations.setStatus(id, ['active'], 'checking');
    await moveWebhooks(moved(), 20);
    await installations.setStatus(id, ['checking'], 'active');
    await waitUntil('it has followed', () => webhooks()[0]?.target.startsWith(publicUrl));
  });

  it('is not touched at a restart when nothing changed', async () => {
    await shop.install();
    const before = shop.zendesk.calls.length;
    await shop.restart();
    await moveWebhooks(core());
    expect(shop.zendesk.calls).toHaveLength(before);
  });
});
