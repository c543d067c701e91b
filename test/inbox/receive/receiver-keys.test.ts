import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installationOwner, WEBHOOK_SECRET } from '../../../server/store/secrets/secrets.ts';
import { deliveryOf, openHook, type Hook } from '../../support/open-hook.ts';

let hook: Hook;
beforeEach(async () => {
  hook = await openHook();
});
afterEach(() => hook.shop.close());

const storeSecret = (secret: string) =>
  hook.shop.stores.secrets.put(installationOwner(hook.id), WEBHOOK_SECRET, secret);
const deliver = async (apiKey: string | null, eventId = '1') =>
  (await hook.post(deliveryOf([eventId]), { apiKey })).status;

describe('the key of a delivery', () => {
  it.each([
    ['missing', null],
    ['empty', ''],
    ['wrong', 'wrong'],
    ['very long', 'x'.repeat(10_000)],
  ])('is refused when it is %s', async (_name, apiKey) => {
    expect(await deliver(apiKey)).toBe(401);
    expect(await hook.stored()).toEqual([]);
  });

  it('is refused when it is only the beginning of the right one, or of another installation', async () => {
    const other = await hook.shop.install('bloom');
    const secret = await hook.shop.stores.secrets.get(installationOwner(other.id), WEBHOOK_SECRET);
    expect(await deliver(hook.key.slice(0, -1))).toBe(401);
    expect(await deliver(secret ?? '')).toBe(401);
    expect(await hook.stored()).toEqual([]);
  });

  it('is not looked for in the address', async () => {
    const answer = await hook.post(deliveryOf(['1']), {
      to: `${hook.url}?X-API-Key=${hook.key}`,
      apiKey: null,
    });
    expect(answer.status).toBe(401);
  });

  it('is checked before the body is read', async () => {
    expect((await hook.post('no JSON', { apiKey: 'wrong' })).status).toBe(401);
  });

  it('that another instance has learned already is found without asking Zendesk', async () => {
    expect(await deliver(hook.key, '1')).toBe(200);
    const calls = hook.shop.zendesk.calls.length;
    await storeSecret('learned-by-another-instance');
    expect(await deliver('learned-by-another-instance', '2')).toBe(200);
    const operations = hook.shop.zendesk.calls.slice(calls).map(({ operation }) => operation);
    expect(operations).not.toContain('ListWebhooks');
  });
});
