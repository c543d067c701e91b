import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/browse.ts';
import { startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

describe('the Faults page', () => {
  let world: World;
  let visitor: ReturnType<typeof createBrowser>;

  beforeEach(async () => {
    world = await startWorld();
    visitor = createBrowser(world.url);
  });

  afterEach(() => world.close());

  it('arms a fault from the form and shows how often it will strike', async () => {
    const page = await visitor.submit('/faults', {
      kind: 'answer',
      operation: 'GetTokenInfo',
      status: '429',
      retryAfter: '',
      times: '2',
    });
    expect(page.html).toContain('GetTokenInfo: refused with 429 <span class="tag">2 left');
    expect((await visitor.open('/')).html).toContain('1 fault armed');
    const { token } = world.install();
    expect((await world.request(token, 'GET', '/sc/v2/tokenInfo')).status).toBe(429);
    expect((await visitor.open('/faults')).html).toContain('1 left');
  });

  it.each([{ kind: 'answer', status: '200' }, { kind: 'nothing' }, { kind: 'hang', times: '0' }])(
    'refuses %o',
    async (fields) => {
      const page = await visitor.submit('/faults', fields);
      expect(page.status).toBe(400);
      expect(page.html).toContain('Nothing is armed');
    },
  );

  it('disarms one fault or all of them', async () => {
    await visitor.submit('/faults', { kind: 'duplicateDelivery' });
    await visitor.submit('/faults', { kind: 'reorderDeliveries' });
    const { html } = await visitor.submit('/faults', { kind: 'loseRemoveCallback' });
    const path = /action="(\/faults\/[0-9a-f]{24}\/disarm)"/.exec(html)?.[1] ?? '';
    const two = await visitor.submit(path);
    expect(two.html).not.toContain('Delivery sent twice <span');
    expect(two.html).toContain('Remove callback lost <span');
    expect((await visitor.submit('/faults/reset')).html).toContain('Nothing is armed');
  });

  it('is linked from the front page, which names the accounts and applications', async () => {
    world.install();
    const { html } = await visitor.open('/');
    expect(html).toContain('href="/faults"');
    expect(html).toContain('Installed: Shop Bot');
    expect(html).toContain('/accounts/old-mill/messenger');
  });

  it('shares its plain pages for what is not there', async () => {
    const page = await visitor.open('/nowhere');
    expect(page.status).toBe(404);
    expect(page.html).toContain('The sandbox has no such page.');
  });
});
