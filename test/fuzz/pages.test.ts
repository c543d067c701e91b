import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../support/store/engines.ts';
import { writeRequest } from './support/exchange.ts';
import { hostileQuery } from './support/hostile-targets.ts';
import { wordsOf } from './support/hostile-text.ts';
import { LIMITS } from './support/limits.ts';
import { openTarget, type Target } from './support/open-target.ts';
import { describePages } from './support/page-cases.ts';

/** Every path that is answered without a form. */
const PATHS = wordsOf(`/ /install /oauth /settings /privacy /healthz /readyz /base.css /favicon.svg
  /remove /source /source/server/app.ts /source/server/bot /webhooks /webhooks/none /installations
  /installations/none /metrics /none`);
const OWN =
  wordsOf(`/activity /timeline /events/none/replay /disconnect /events /events/none /export
  /delete`);

describePages('the pages', async (options) => {
  const target = await openTarget(options);
  const own = ['', ...OWN].map((path) => `/installations/${target.id}${path}`);
  return { ...target, paths: [...PATHS, ...own] };
});

describe.each(engines)('the page after the consent on %s', (engine) => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget({ engine });
  });
  afterAll(() => target.close());

  it('stand an answer from Zendesk with a state of ours and anything beside it', async () => {
    const statuses = new Set<number>();
    const property = fc.asyncProperty(hostileQuery, fc.boolean(), async (query, hasCode) => {
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
    // The first one gets as far as Zendesk, which refuses the code; few of the others need to.
    await fc.assert(property, { ...LIMITS, examples: [['?', true]] });
    expect(statuses).toContain(502);
    await target.expectUnharmed();
  });
});
