import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../../test/support/browser/browser.ts';
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
    const page = await visitor.send('/faults', {
      kind: 'answer',
      operation: 'GetTokenInfo',
      status: '429',
      retryAfter: '',
      times: '2',
    });
    expect(page.text).toContain('GetTokenInfo: refused with 429 <span class="tag">2 left');
    expect((await visitor.get('/')).text).toContain('1 fault armed');
    const { token } = world.install();
    expect((await world.request(token, 'GET', '/sc/v2/tokenInfo')).status).toBe(429);
    expect((await visitor.get('/faults')).text).toContain('1 left');
  });

  it('leads to where an armed fault is seen', async () => {
    expect((await visitor.get('/faults')).text).not.toContain('/messenger"');
    const page = await visitor.send('/faults', { kind: 'duplicateDelivery' });
    for (const path of ['bloom/messenger', 'bloom/agent', 'old-mill/admin/ai/'])
      expect(page.text).toContain(`href="/accounts/${path}`);
  });

  it.each([{ kind: 'answer', status: '200' }, { kind: 'nothing' }, { kind: 'hang', times: '0' }])(
    'refuses %o',
    async (fields) => {
      const page = await visitor.send('/faults', fields);
      expect(page.status).toBe(400);
      expect(page.text).toContain('Nothing is armed');
    },
  );

  it('disarms one fault or all of them', async () => {
    await visitor.send('/faults', { kind: 'duplicateDelivery' });
    await visitor.send('/faults', { kind: 'reorderDeliveries' });
    const { text: html } = await visitor.send('/faults', { kind: 'loseRemoveCallback' });
    const path = /action="(\/faults\/[0-9a-f]{24}\/disarm)"/.exec(html)?.[1] ?? '';
    const two = await visitor.send(path);
    expect(two.text).not.toContain('Delivery sent twice <span');
    expect(two.text).toContain('Remove callback lost <span');
    expect((await visitor.send('/faults/reset')).text).toContain('Nothing is armed');
  });

  it('is linked from the front page, which names the accounts and applications', async () => {
    world.install();
    const { text: html } = await visitor.get('/');
    expect(html).toContain('href="/faults"');
    expect(html).toContain('<bdi>Shop Bot</bdi> answers');
    expect(html).toContain('/accounts/old-mill/messenger');
  });

  it('shares its plain pages for what is not there', async () => {
    const page = await visitor.get('/nowhere');
    expect(page.status).toBe(404);
    expect(page.text).toContain('The sandbox has no such page.');
  });
});
