import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  installationOwner,
  ACCESS_TOKEN,
  WEBHOOK_SECRET,
} from '../../../server/store/secrets/secrets.ts';
import { createClock, type Clock } from '../../support/clock.ts';
import { deliveryOf, openHook, type Hook } from '../../support/open-hook.ts';
import { repliesIn } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let clock: Clock;
let hook: Hook;
beforeEach(async () => {
  clock = createClock(Date.now());
  hook = await openHook({ now: clock.now });
});
afterEach(() => hook.shop.close());

const storeSecret = (secret: string) =>
  hook.shop.stores.secrets.put(installationOwner(hook.id), WEBHOOK_SECRET, secret);
const deliver = async (apiKey: string | null, eventId = '1') =>
  (await hook.post(deliveryOf([eventId]), { apiKey })).status;

/** How often Zendesk was asked for its webhooks since the last time. */
let counted = 0;
function countRereads(): number {
  const all = hook.shop.zendesk.calls.filter(({ operation }) => operation === 'ListWebhooks');
  const since = all.length - counted;
  counted = all.length;
  return since;
}
beforeEach(() => {
  counted = 0;
  countRereads();
});

describe('the key of a delivery', () => {
  it('that changed at Zendesk is learned there; the one before stays good for what is under way', async () => {
    await storeSecret('the-secret-before');
    expect(await deliver(hook.key, 'new')).toBe(200);
    expect(countRereads()).toBe(1);
    expect(await deliver('the-secret-before', 'under-way')).toBe(200);
    expect(await deliver('neither', 'spoofed')).toBe(401);
    expect((await hook.stored()).map(({ event_id }) => event_id)).toEqual(['new', 'under-way']);
  });

  it('that is wrong makes us ask Zendesk at most once a minute', async () => {
    expect(await Promise.all([1, 2, 3, 4, 5].map(() => deliver('wrong')))).toEqual(
      Array(5).fill(401),
    );
    expect(countRereads()).toBe(1);
    clock.advance(59_999);
    expect(await deliver('wrong')).toBe(401);
    expect(countRereads()).toBe(0);
    clock.advance(1);
    expect(await deliver('wrong')).toBe(401);
    expect(countRereads()).toBe(1);
    expect(await deliver(hook.key)).toBe(200);
    expect(countRereads()).toBe(0);
  });

  it('that cannot be checked with Zendesk is asked for again instead of refused for good', async () => {
    hook.shop.zendesk.armFault({ kind: 'answer', operation: 'ListWebhooks', status: 500 });
    expect(await deliver('maybe-right')).toBe(503);
    expect(await deliver(hook.key)).toBe(200);
    clock.advance(60_000);
    expect(await deliver('maybe-right')).toBe(401);
  });

  it('that is wrong changes nothing at Zendesk, although our webhook was changed there', async () => {
    const { zendesk, sandbox, stores } = hook.shop;
    const { app_id: appId, webhook_id: webhookId } =
      (await stores.installations.find(hook.id)) ?? {};
    const token = await stores.secrets.get(installationOwner(hook.id), ACCESS_TOKEN);
    const target = 'https://example.com/by-an-admin';
    const one = `${sandbox.url}/accounts/acme/sc/v2/apps/${appId}/integrations/me/webhooks/${webhookId}`;
    const changed = await fetch(one, {
      method: 'PATCH',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ target }),
    });
    expect(changed.status).toBe(200);

    zendesk.calls.length = counted = 0;
    expect(await deliver('wrong')).toBe(401);
    expect(zendesk.calls.map(({ operation }) => operation)).toEqual(['ListWebhooks']);
    expect(zendesk.installations()[0]?.webhooks.map((webhook) => webhook.target)).toEqual([target]);
    expect(await deliver(hook.key)).toBe(200);
  });

  it('that cannot be checked fails nobody else: what comes next may ask again soon', async () => {
    hook.shop.zendesk.armFault({ kind: 'answer', operation: 'ListWebhooks', status: 500 });
    expect(await Promise.all([deliver('first'), deliver('second')])).toEqual([503, 503]);
    expect(countRereads()).toBe(1);
    expect(await deliver('third')).toBe(503);
    expect(countRereads()).toBe(0);
    clock.advance(5_000);
    expect(await deliver('third')).toBe(401);
    expect(countRereads()).toBe(1);
  });

  it('that nobody could store, because its instance died, is learned there', async () => {
    const { secrets, installations } = hook.shop.stores;
    await secrets.remove(installationOwner(hook.id), WEBHOOK_SECRET);
    await installations.update(hook.id, { webhook_id: null, webhook_target: null });
    expect(await deliver(hook.key)).toBe(200);
    expect(await deliver('wrong', 'spoofed')).toBe(401);
    expect(countRereads()).toBe(1);
  });
});

it('a webhook whose registration was never answered delivers all the same', async () => {
  const { shop } = hook;
  shop.zendesk.armFault({ kind: 'dropAnswer', operation: 'CreateWebhook' });
  const { browser, statusUrl } = await shop.install('bloom');
  expect((await browser.get(`${statusUrl}/manage`)).text).toContain('Registered');
  const { conversationId } = shop.zendesk.createConversation({ account: 'bloom' });
  shop.zendesk.sendCustomerMessage({ conversationId, text: 'Hello?' });
  await waitUntil('it is answered', () => repliesIn(shop, conversationId).length > 0);
});
