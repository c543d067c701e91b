import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { engines } from '../support/store/engines.ts';
import { writeRequest } from './support/exchange.ts';
import { hostileBody } from './support/hostile-bodies.ts';
import { hostileHeaders } from './support/hostile-headers.ts';
import { LIMITS } from './support/limits.ts';
import { openTarget, type Target } from './support/open-target.ts';

describe.each(engines)('the addresses that other services call, on %s', (engine) => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget({ engine });
  });
  afterAll(() => target.close());

  const request = fc.record({ body: hostileBody, headers: hostileHeaders });
  const requests = fc.array(request, { maxLength: 18 });

  it('stand any bytes as a remove callback', async () => {
    const property = fc.asyncProperty(requests, async (list) => {
      await target.attack(
        list.map((one) => writeRequest({ method: 'POST', target: '/remove', ...one })),
      );
    });
    await fc.assert(property, LIMITS);
    await target.expectUnharmed();
  });
});
