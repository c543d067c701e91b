import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../../support/store/engines.ts';
import { writeRequest } from './exchange.ts';
import { hostileBody, hostileForm } from './hostile-bodies.ts';
import { contentHeaders, hostileHeaders } from './hostile-headers.ts';
import { LIMITS } from './limits.ts';
import type { Target } from './open-target.ts';
import type { Engine } from '../../../server/store/engines/database.ts';

const FORM = 'Content-Type: application/x-www-form-urlencoded';
/** Fewer than the strictest rate limit, so that every one of them is read. */
const AT_ONCE = 15;

/** Among fewer, one of the statuses may be missing. */
const ENOUGH = { numRuns: 20 };

/** Forms, and those that end what the others are about. */
export interface FormTarget extends Target {
  forms: string[];
  finalForms: string[];
  /** What they answer some fields or others with. */
  statuses: number[];
}

/** What forms have to stand, whoever sends them. */
export function describeForms(
  what: string,
  open: (options: { engine: Engine }) => Promise<FormTarget>,
): void {
  describe.each(engines)(`${what} on %s`, (engine) => {
    let target: FormTarget;
    beforeAll(async () => {
      target = await open({ engine });
    });
    afterAll(() => target.close());

    const post = (path: string, headers: string[], body: Buffer) =>
      writeRequest({ method: 'POST', target: path, headers, body });

    it.each(['a stranger', 'the owner, without the page’s token'])(
      'refuse whatever %s sends',
      async (who) => {
        const session = who === 'a stranger' ? [] : [target.cookie];
        const request = fc.record({
          path: fc.constantFrom(
            ...target.forms,
            ...target.finalForms,
            `/installations/${target.id}/delete`,
          ),
          headers: hostileHeaders,
          body: fc.oneof(
            hostileBody,
            hostileForm.map((form) => Buffer.from(form)),
          ),
        });
        const property = fc.asyncProperty(
          fc.array(request, { maxLength: AT_ONCE }),
          async (requests) => {
            const answers = await target.attack(
              requests.map(({ path, headers, body }) => post(path, [...session, ...headers], body)),
            );
            expect(answers.filter((status) => status >= 200 && status < 400)).toEqual([]);
          },
        );
        await fc.assert(property, LIMITS);
        await target.expectUnharmed();
      },
    );

    it('stand any fields from the owner, with the page’s token', async () => {
      const request = fc.record({
        path: fc.constantFrom(...target.forms),
        form: hostileForm,
        headers: fc.oneof({ weight: 4, arbitrary: fc.constant([FORM]) }, contentHeaders),
      });
      const statuses = new Set<number>();
      const property = fc.asyncProperty(
        fc.array(request, { maxLength: AT_ONCE }),
        async (requests) => {
          const answers = await target.attack(
            requests.map(({ path, form, headers }) => {
              const body = Buffer.from(`_csrf=${encodeURIComponent(target.csrf)}&${form}`);
              return post(path, [target.cookie, ...headers], body);
            }),
          );
          for (const status of answers) statuses.add(status);
        },
      );
      await fc.assert(property, ENOUGH);
      expect([...statuses]).toEqual(expect.arrayContaining(target.statuses));
      expect(statuses).not.toContain(429);
      await target.expectUnharmed();
    });

    it('that end a connection or an installation do so whatever else is in them', async () => {
      const noise = '%&a[b]=%FF&__proto__=1&withoutRevoking=1&withoutRevoking=2&\u0000=%00';
      for (const path of target.finalForms) {
        const body = Buffer.from(`_csrf=${encodeURIComponent(target.csrf)}&${noise}`);
        expect(await target.attack([post(path, [target.cookie, FORM], body)])).toEqual([303]);
      }
      expect(await target.shop.stores.installations.find(target.id)).toBeUndefined();
      await target.expectUnharmed();
    });
  });
}
