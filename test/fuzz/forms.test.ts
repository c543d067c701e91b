import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../support/engines.ts';
import { writeRequest } from './support/exchange.ts';
import { hostileBody, hostileForm } from './support/hostile-bodies.ts';
import { contentHeaders, hostileHeaders } from './support/hostile-headers.ts';
import { wordsOf } from './support/hostile-text.ts';
import { LIMITS } from './support/limits.ts';
import { openTarget, type Target } from './support/open-target.ts';

const FORM = 'Content-Type: application/x-www-form-urlencoded';
/** Fewer than the strictest rate limit, so that every one of them is read. */
const AT_ONCE = 15;

describe.each(engines)('the forms on %s', (engine) => {
  let target: Target;
  let connectionId: string;
  beforeAll(async () => {
    target = await openTarget({ engine });
    connectionId = (await target.findConnection('Sales')).id;
  });
  afterAll(() => target.close());

  /** Every form but those that end what the others are about. */
  function listForms(): string[] {
    const connection = `connections/${connectionId}`;
    const client = `oauth-clients/${target.clientId}`;
    const forms = [
      ...wordsOf('webhook test-message events/none/replay events/replay-failed access/remove'),
      ...wordsOf('connections connections/none/delete'),
      ...wordsOf(`${connection} ${connection}/test ${connection}/reconnect`),
      ...wordsOf(`${connection}/disable ${connection}/enable`),
      ...wordsOf(`oauth-clients oauth-clients/none/delete ${client} ${client}/delete`),
    ];
    return forms.map((form) => `/installations/${target.id}/${form}`);
  }

  function listFinalForms(): string[] {
    const own = `/installations/${target.id}`;
    return [`${own}/connections/${connectionId}/delete`, `${own}/disconnect`, '/sign-out'];
  }

  const post = (path: string, headers: string[], body: Buffer) =>
    writeRequest({ method: 'POST', target: path, headers, body });

  it.each(['a stranger', 'the owner, without the page’s token'])(
    'refuse whatever %s sends',
    async (who) => {
      const session = who === 'a stranger' ? [] : [target.cookie];
      const request = fc.record({
        path: fc.constantFrom(
          ...listForms(),
          ...listFinalForms(),
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
      path: fc.constantFrom(...listForms()),
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
    await fc.assert(property, LIMITS);
    // Accepted, filled in wrongly, not a form, about something that is not there.
    expect([...statuses]).toEqual(expect.arrayContaining([303, 422, 403, 404]));
    expect(statuses).not.toContain(429);
    await target.expectUnharmed();
  });

  it('that end a connection or an installation do so whatever else is in them', async () => {
    const noise = '%&a[b]=%FF&__proto__=1&withoutRevoking=1&withoutRevoking=2&\u0000=%00';
    for (const path of listFinalForms()) {
      const body = Buffer.from(`_csrf=${encodeURIComponent(target.csrf)}&${noise}`);
      expect(await target.attack([post(path, [target.cookie, FORM], body)])).toEqual([303]);
    }
    expect(await target.shop.stores.installations.find(target.id)).toBeUndefined();
    await target.expectUnharmed();
  });
});
