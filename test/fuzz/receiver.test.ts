import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../support/store/engines.ts';
import { waitUntil } from '../support/wait-until.ts';
import { writeRequest } from './support/exchange.ts';
import { hostileBody } from './support/hostile-bodies.ts';
import { hostileHeaders } from './support/hostile-headers.ts';
import { hostileMethod } from './support/hostile-targets.ts';
import { LIMITS } from './support/limits.ts';
import { oddEvent } from './support/odd-events.ts';
import { openTarget, type Target } from './support/open-target.ts';

describe.each(engines)('the receiver on %s', (engine) => {
  let clock = 0;
  let target: Target;
  beforeAll(async () => {
    target = await openTarget({ engine, now: () => Date.now() + clock });
  });
  afterAll(() => target.close());

  const delivery = fc.record({
    body: hostileBody,
    headers: hostileHeaders,
    method: fc.oneof({ weight: 9, arbitrary: fc.constant('POST') }, hostileMethod),
    key: fc.constantFrom('right', 'right', 'right', 'wrong', 'none', 'twice'),
  });

  it('answers any bytes with a refusal or an acknowledgement', async () => {
    const { path, key } = target.hook;
    const keyHeaders = {
      right: [`X-API-Key: ${key}`],
      wrong: [`X-API-Key: ${'x'.repeat(key.length)}`],
      none: [],
      twice: [`X-API-Key: ${key}`, `X-API-Key: ${key}`],
    };
    const property = fc.asyncProperty(fc.array(delivery, { maxLength: 12 }), async (deliveries) => {
      const requests = deliveries.map((one) => {
        const headers = [...keyHeaders[one.key], ...one.headers];
        return writeRequest({ method: one.method, target: path, headers, body: one.body });
      });
      await target.attack(requests);
    });
    await fc.assert(property, LIMITS);
    await target.expectUnharmed();
  });

  it('refuses a delivery of more events than it takes, whatever they are, and stores none', async () => {
    const { path, key } = target.hook;
    // Small, so that it is their number that is refused and not the size of the body.
    const event = { id: 'one of many', type: 'user:remove', payload: { user: { id: 'u' } } };
    const filler = fc.constantFrom<unknown>(0, null, [], {}, '', event);
    const property = fc.asyncProperty(
      fc.array(filler, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 101, max: 2_000 }),
      async (some, length) => {
        const events = Array.from({ length }, (_, index) => some[index % some.length]);
        const headers = [`X-API-Key: ${key}`];
        const body = Buffer.from(JSON.stringify({ events }));
        const request = writeRequest({ method: 'POST', target: path, headers, body });
        expect(await target.attack([request])).toEqual([413]);
        const stored = target.shop.database.kysely.selectFrom('events').select('seq');
        expect(await stored.where('event_id', '=', event.id).execute()).toEqual([]);
      },
    );
    await fc.assert(property, LIMITS);
    await target.expectUnharmed();
  });

  it('has every event dealt with that it acknowledged, however odd its fields are', async () => {
    const { path, key } = target.hook;
    const unsettled = () =>
      target.shop.database.kysely
        .selectFrom('events')
        .select('seq')
        .where('state', 'in', ['waiting', 'working'])
        .execute();
    const property = fc.asyncProperty(
      fc.array(oddEvent, { minLength: 1, maxLength: 10 }),
      async (events) => {
        const headers = [`X-API-Key: ${key}`];
        const body = Buffer.from(JSON.stringify({ events }));
        await target.attack([writeRequest({ method: 'POST', target: path, headers, body })]);
        await waitUntil('every event is settled', async () => {
          // Retries come due at once.
          clock += 60_000;
          return (await unsettled()).length === 0;
        });
      },
    );
    await fc.assert(property, LIMITS);
    await target.expectUnharmed();
  });
});
