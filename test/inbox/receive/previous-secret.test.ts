import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  installationOwner,
  PREVIOUS_WEBHOOK_SECRET,
} from '../../../server/store/secrets/secrets.ts';
import { engines } from '../../support/store/engines.ts';
import { deliveryOf, openHook, type Hook } from '../../support/open-hook.ts';

const MINUTE_MS = 60_000;

describe.each(engines)('the webhook secret before the present one, on %s,', (engine) => {
  let hook: Hook;
  let late: number;
  beforeEach(async () => {
    late = 0;
    hook = await openHook({ engine, now: () => Date.now() + late });
    await hook.shop.stores.secrets.put(
      installationOwner(hook.id),
      PREVIOUS_WEBHOOK_SECRET,
      'the-one-before',
    );
  });
  afterEach(() => hook.shop.close());

  /** The clean-up of every hour also runs at a start. */
  async function cleanUpAfter(ms: number): Promise<void> {
    late = ms;
    await hook.shop.restart();
  }
  const deliver = async (apiKey: string) =>
    (await hook.post(deliveryOf([`event-${apiKey}-${late}`]), { apiKey })).status;

  it('is accepted for an hour, and then gone', async () => {
    await cleanUpAfter(59 * MINUTE_MS);
    expect(await deliver('the-one-before')).toBe(200);

    await cleanUpAfter(61 * MINUTE_MS);
    expect(await deliver('the-one-before')).toBe(401);
    expect(await deliver(hook.key)).toBe(200);
    const stored = await hook.shop.stores.secrets.getAll(installationOwner(hook.id));
    expect(Object.keys(stored).toSorted()).toEqual(['access_token', 'webhook_secret']);
  });
});
