import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { signWithToken } from '../../server/features/connections/providers/zoom/signature.ts';
import { engines } from '../support/engines.ts';
import { ZOOM_SECRET_TOKEN } from '../features/connections/support/open-account.ts';
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

  it('stand any bytes as an event of Zoom, and even signed ones', async () => {
    const property = fc.asyncProperty(requests, fc.boolean(), async (list, isSigned) => {
      await target.attack(
        list.map(({ body, headers }) => {
          const signature = isSigned ? sign(body) : [];
          const all = [...signature, ...headers];
          return writeRequest({ method: 'POST', target: '/zoom/events', headers: all, body });
        }),
      );
    });
    await fc.assert(property, LIMITS);
    await target.expectUnharmed();
  });
});

/** As Zoom does it. */
function sign(body: Buffer): string[] {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signed = Buffer.concat([Buffer.from(`v0:${timestamp}:`), body]);
  return [
    `x-zm-request-timestamp: ${timestamp}`,
    `x-zm-signature: v0=${signWithToken(ZOOM_SECRET_TOKEN, signed)}`,
  ];
}
