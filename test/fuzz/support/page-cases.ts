import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { engines } from '../../support/store/engines.ts';
import { writeRequest } from './exchange.ts';
import { hostileBody } from './hostile-bodies.ts';
import { hostileHeaders } from './hostile-headers.ts';
import { hostileMethod, hostileTarget } from './hostile-targets.ts';
import { LIMITS } from './limits.ts';
import type { Target } from './open-target.ts';
import type { Engine } from '../../../server/store/engines/database.ts';

/** What pages have to stand, whoever asks for them. */
export function describePages(
  what: string,
  open: (options: { engine: Engine }) => Promise<Target & { paths: string[] }>,
): void {
  describe.each(engines)(`${what} on %s`, (engine) => {
    let target: Target & { paths: string[] };
    beforeAll(async () => {
      target = await open({ engine });
    });
    afterAll(() => target.close());

    it.each(['a stranger', 'the owner'])(
      'stand any address, header and method from %s',
      async (who) => {
        const request = fc.record({
          method: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('GET', 'HEAD') }, hostileMethod),
          path: hostileTarget(target.paths),
          headers: hostileHeaders,
          body: fc.option(hostileBody, { nil: undefined, freq: 4 }),
        });
        const property = fc.asyncProperty(
          fc.array(request, { minLength: 6, maxLength: 18 }),
          async (requests) => {
            const session = who === 'the owner' ? [target.cookie] : [];
            await target.attack(
              requests.map(({ method, path, headers, body }) =>
                writeRequest({ method, target: path, headers: [...session, ...headers], body }),
              ),
            );
          },
        );
        await fc.assert(property, LIMITS);
        await target.expectUnharmed();
      },
    );
  });
}
