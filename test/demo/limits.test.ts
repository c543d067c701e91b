import { afterEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/browser/browser.ts';
import type { Page } from '../support/browser/browser.ts';
import { waitUntil } from '../support/wait-until.ts';
import { createVisitor } from './support/create-visitor.ts';
import type { Visitor } from './support/create-visitor.ts';
import { startDemo } from './support/start-demo.ts';
import type { Demo } from './support/start-demo.ts';

let demo: Demo;
afterEach(() => demo.close());

const open = (forwardedFor?: string) =>
  fetch(`${demo.url}/portal`, {
    headers: forwardedFor === undefined ? {} : { 'X-Forwarded-For': forwardedFor },
  });

describe('the public demo', () => {
  it('opens so many sandboxes an hour for one client address, and says when the next', async () => {
    demo = await startDemo({ newWorldsAnHour: 3 });
    for (let n = 0; n < 3; n += 1) expect((await open('192.0.2.1')).status).toBe(200);
    const refused = await open('192.0.2.1');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('3600');
    expect(await refused.text()).toContain('The next one can be opened in 60 min.');
    expect((await open('192.0.2.1:50001')).status).toBe(429);
    for (const junk of ['junk-1', 'junk-2', 'junk-3']) expect((await open(junk)).status).toBe(200);
    expect((await open('junk-4')).status).toBe(429);
    expect((await open('192.0.2.2')).status).toBe(200);
    demo.clock.advance(60 * 60_000);
    expect((await open('192.0.2.1')).status).toBe(200);
  });

  it('has room for so many visitors and then asks to come back', async () => {
    demo = await startDemo({ worlds: 2 });
    const [ann] = [await createVisitor(demo), await createVisitor(demo)];
    const refused = await open();
    expect(refused.status).toBe(503);
    expect(await refused.text()).toContain('The demo is full');
    expect((await ann.open('/')).status).toBe(200);
    await ann.post('/your-sandbox/start-over');
    expect((await open()).status).toBe(200);
  });

  it('takes so many forms a minute from a visitor, whoever else sends some', async () => {
    demo = await startDemo({ formsAMinute: 5 });
    const [ann, bob] = [await createVisitor(demo), await createVisitor(demo)];
    for (let n = 0; n < 5; n += 1) expect((await ann.post('/faults/reset')).status).toBe(303);
    const refused = await ann.post('/faults/reset');
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('Go on in 60 s.');
    expect((await bob.post('/faults/reset')).status).toBe(303);
    demo.clock.advance(60_000);
    expect((await ann.post('/faults/reset')).status).toBe(303);
  });

  it('answers so many calls a minute with one visitor’s credentials', async () => {
    demo = await startDemo({ callsAMinute: 2 });
    const [ann, bob] = [await createVisitor(demo), await createVisitor(demo)];
    const call = (mark: string) =>
      fetch(`${demo.url}/sc/v2/tokenInfo`, { headers: { Authorization: `Bearer made-up${mark}` } });
    expect((await call(ann.mark)).status).toBe(401);
    expect((await call(ann.mark)).status).toBe(401);
    const refused = await call(ann.mark);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect((await call(bob.mark)).status).toBe(401);
  });

  it('keeps so many live pages open for a visitor', async () => {
    demo = await startDemo({ openRequests: 2 });
    const visitor = await createVisitor(demo);
    const cookie = `sandbox_world=${visitor.cookies.get('sandbox_world')?.value}`;
    const stop = new AbortController();
    const { signal } = stop;
    for (let n = 0; n < 2; n += 1) {
      const stream = await fetch(`${demo.url}/zoom/changes`, { headers: { cookie }, signal });
      expect(stream.status).toBe(200);
    }
    expect((await visitor.open('/zoom')).status).toBe(429);
    stop.abort();
    await expect.poll(async () => (await visitor.open('/zoom')).status).toBe(200);
  });

  it('keeps twenty conversations and says how to have room again', async () => {
    demo = await startDemo();
    const visitor = await createVisitor(demo);
    const start = () => visitor.post(`/accounts/acme${visitor.mark}/messenger/conversations`);
    for (let n = 0; n < 20; n += 1) expect((await start()).status).toBe(303);
    const refused = await start();
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('Start over to have room again.');
  });

  it('arms five faults for ten minutes, each for at most twenty strikes', async () => {
    demo = await startDemo();
    const visitor = await createVisitor(demo);
    const arm = (times: string) => visitor.post('/faults', { kind: 'duplicateDelivery', times });
    expect((await arm('21')).status).toBe(429);
    for (let n = 0; n < 5; n += 1) expect((await arm('20')).status).toBe(303);
    const refused = await arm('1');
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('Disarm one first');
    demo.clock.advance(10 * 60_000);
    expect((await visitor.open('/faults')).text).toContain('Nothing is armed');
  });

  it('keeps ten apps and bots of a visitor’s own', async () => {
    demo = await startDemo();
    const visitor = await createVisitor(demo);
    const signIn = await visitor.open('/portal');
    const owner = /value="([0-9a-f]{24})"[\s\S]{0,200}Zocks Owner/.exec(signIn.text)?.[1] ?? '';
    await visitor.post('/portal/sign-in', { person: owner });
    async function create(platform: 'zocks' | 'zendesk') {
      const redirectUri = 'https://app.example/callback';
      const last = platform === 'zocks' ? 'scopes' : 'marketplace';
      await visitor.post('/portal/apps/new/details', { go: 'next', name: 'App', platform });
      await visitor.post('/portal/apps/new/redirect-uris', { go: 'next', redirectUri });
      return await visitor.post(`/portal/apps/new/${last}`, { go: 'next', scope: 'profile' });
    }
    for (let n = 0; n < 10; n += 1) {
      demo.clock.advance(60_000);
      const created = await create(n % 2 === 0 ? 'zocks' : 'zendesk');
      expect(created.status).toBe(303);
      // Calls with it find the way to this visitor's sandbox.
      expect(created.headers.get('location')).toContain(`${visitor.mark}/secret`);
    }
    for (const platform of ['zocks', 'zendesk'] as const) {
      demo.clock.advance(60_000);
      const refused = await create(platform);
      expect(refused.status).toBe(429);
      expect(refused.text).toContain('Delete one first.');
    }
  });

  /** Writes until the sandbox takes no more, and answers that page. */
  async function fill(visitor: Visitor): Promise<Page> {
    const messenger = `/accounts/acme${visitor.mark}/messenger`;
    await visitor.post(`${messenger}/conversations`);
    const send = () => visitor.post(`${messenger}/messages`, { text: 'x'.repeat(4_000) });
    return await waitUntil('no more is taken', async () => {
      const page = await send();
      return page.status === 429 ? page : undefined;
    });
  }

  it('takes nothing more into a sandbox that is full, except the wish to start over', async () => {
    demo = await startDemo({ formsAMinute: 1_000, worldCharacters: 30_000 });
    const visitor = await createVisitor(demo);
    expect((await fill(visitor)).text).toContain('Start over');
    expect((await visitor.open(`/accounts/acme${visitor.mark}/messenger`)).status).toBe(200);
    expect((await visitor.post('/your-sandbox/start-over')).status).toBe(303);
    expect((await visitor.open('/portal')).status).toBe(200);
  });

  it('counts what comes in at once, before it is written down', async () => {
    demo = await startDemo({ formsAMinute: 1_000, worldCharacters: 30_000 });
    const visitor = await createVisitor(demo);
    const messenger = `/accounts/acme${visitor.mark}/messenger`;
    await visitor.post(`${messenger}/conversations`);
    const text = 'x'.repeat(4_000);
    const burst = Array.from({ length: 40 }, () => visitor.post(`${messenger}/messages`, { text }));
    const taken = (await Promise.all(burst)).filter(({ status }) => status === 303);
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.length).toBeLessThan(10);
  });

  it('leaves everybody a fair share when some take all the room', async () => {
    const shares = { allCharacters: 30_000, fairCharacters: 20_000 };
    demo = await startDemo({ formsAMinute: 1_000, ...shares });
    const [ann, bob] = [await createVisitor(demo), await createVisitor(demo)];
    expect((await fill(ann)).text).toContain('Your sandbox is full');
    const messenger = `/accounts/acme${bob.mark}/messenger`;
    expect((await bob.post(`${messenger}/conversations`)).status).toBe(303);
    expect((await bob.post(`${messenger}/messages`, { text: 'hello' })).status).toBe(303);
  });

  it('refuses large bodies, and those that do not say how large they are', async () => {
    demo = await startDemo();
    const post = (init: RequestInit) =>
      fetch(`${demo.url}/sc/oauth/token`, { method: 'POST', ...init });
    const body = 'x'.repeat(110_000);
    expect((await post({ body })).status).toBe(413);
    const page = await post({ body, headers: { Accept: 'text/html,*/*;q=0.8' } });
    expect(page.status).toBe(413);
    expect(await page.text()).toContain('100 KB at most');
    const stream = new Blob(['x']).stream();
    expect((await post({ body: stream, duplex: 'half' })).status).toBe(411);
  });

  it('never counts a front page as a visitor', async () => {
    demo = await startDemo({ newWorldsAnHour: 1 });
    for (let n = 0; n < 5; n += 1) expect((await createBrowser().get(demo.url)).status).toBe(200);
    expect((await open()).status).toBe(200);
  });
});
