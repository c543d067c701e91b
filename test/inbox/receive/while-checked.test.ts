import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { zendeskJob } from '../../../server/features/shared/zendesk-job.ts';
import { features } from '../../../server/features.ts';
import { deliveryOf, openHook, type Hook } from '../../support/open-hook.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** A feature that does what Zendesk asks, whatever the account is. */
const obedient = {
  name: 'obedient',
  eventTypes: {
    'user:update': zendeskJob('Obey', z.object({}), async (_core, event) => ({
      event,
      state: 'done',
      note: 'Done.',
    })),
  },
};
const [message] = JSON.parse(deliveryOf(['message'])).events;
const job = { id: 'job', type: 'user:update', payload: {} };

let hook: Hook;
beforeEach(async () => {
  hook = await openHook({ features: [...features, obedient] });
  await hook.shop.stores.installations.setStatus(hook.id, ['active'], 'checking');
});
afterEach(() => hook.shop.close());

const deliver = async (events: object[], apiKey?: string) =>
  (await hook.post(JSON.stringify({ events }), apiKey === undefined ? {} : { apiKey })).status;

it('what Zendesk asks for is taken also while nobody knows whether the account has left', async () => {
  expect(await deliver([message])).toBe(503);
  expect(await deliver([job], 'another key')).toBe(503);
  expect(await hook.stored()).toEqual([]);
  // With what cannot be answered now, which is sent again.
  expect(await deliver([message, job])).toBe(503);
  expect(await deliver([job])).toBe(200);
  await waitUntil('it is done', async () => (await hook.stored())[0]?.state === 'done');
  await hook.shop.stores.installations.setStatus(hook.id, ['checking'], 'active');
  expect(await deliver([message, job])).toBe(200);
  const stored = await hook.stored();
  expect(stored.map((event) => event.event_id)).toEqual(['job', 'message']);
});
