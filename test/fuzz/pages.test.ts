import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../support/engines.ts';
import { writeRequest } from './support/exchange.ts';
import { hostileBody } from './support/hostile-bodies.ts';
import { hostileHeaders } from './support/hostile-headers.ts';
import { hostileMethod, hostileQuery, hostileTarget } from './support/hostile-targets.ts';
import { wordsOf } from './support/hostile-text.ts';
import { LIMITS } from './support/limits.ts';
import { openTarget, type Target } from './support/open-target.ts';

describe.each(engines)('the pages on %s', (engine) => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget({ engine });
  });
  afterAll(() => target.close());

  /** Every path that is answered without a form. */
  function listPaths(): string[] {
    const own = `/installations/${target.id}`;
    return [
      ...wordsOf('/ /install /oauth /settings /privacy /healthz /readyz /base.css /favicon.svg'),
      ...wordsOf('/connections/callback/zoom /connections/callback/none /remove /zoom/events'),
      ...wordsOf(
        '/source /source/server/app.ts /source/server/bot /webhooks /webhooks/none /installations /installations/none /metrics /none',
      ),
      ...[
        '',
        '/activity',
        '/timeline',
        '/events/none/replay',
        '/disconnect',
        '/connections',
        '/oauth-clients',
      ]
        .concat(['/connections/new', '/connections/none', '/oauth-clients/new'])
        .concat([`/oauth-clients/${target.clientId}`])
        .concat(['/events', '/events/none', '/export', '/delete'])
        .map((path) => `${own}${path}`),
    ];
  }

  it.each(['a stranger', 'the owner'])(
    'stand any address, header and method from %s',
    async (who) => {
      const request = fc.record({
        method: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('GET', 'HEAD') }, hostileMethod),
        path: hostileTarget(listPaths()),
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

  it('stand an answer from Zendesk with a state of ours and anything beside it', async () => {
    const statuses = new Set<number>();
    const property = fc.asyncProperty(hostileQuery, fc.boolean(), async (query, hasCode) => {
      await target.shop.restart();
      const begun = await target.browser.get(`${target.shop.url}/install`);
      const state = new URL(target.browser.location(begun)).searchParams.get('state') ?? '';
      const cookies = [...target.browser.cookies].map(([name, { value }]) => `${name}=${value}`);
      const answered = await target.attack(
        [
          writeRequest({
            method: 'GET',
            target: `/oauth?state=${state}${hasCode ? '&code=a' : ''}&${query.slice(1)}`,
            headers: [`Cookie: ${cookies.join('; ')}`],
          }),
        ],
        [502],
      );
      for (const status of answered) statuses.add(status);
    });
    await fc.assert(property, LIMITS);
    // Otherwise no code got as far as Zendesk, which refuses it.
    expect(statuses).toContain(502);
    await target.expectUnharmed();
  });
});
