import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/browser/browser.ts';
import { waitUntil } from '../support/wait-until.ts';
import { createVisitor } from './support/create-visitor.ts';
import { startDemo } from './support/start-demo.ts';
import type { Demo } from './support/start-demo.ts';

const HOUR_MS = 60 * 60_000;

let demo: Demo;
beforeEach(async () => {
  demo = await startDemo();
});
afterEach(() => demo.close());

const countInstallations = async (): Promise<number> =>
  (await demo.database.kysely.selectFrom('installations').select('id').execute()).length;

const installationsAre = (count: number) =>
  waitUntil(`there are ${count} installations`, async () => (await countInstallations()) === count);

describe('a visitor’s sandbox', () => {
  it('ends after a day without a visit, and what bots stored about it goes, too', async () => {
    const [idle, busy] = await Promise.all([createVisitor(demo), createVisitor(demo)]);
    const status = await idle.install();
    await idle.install('bloom');
    await busy.install();
    demo.clock.advance(23 * HOUR_MS);
    await busy.open('/');
    demo.clock.advance(2 * HOUR_MS);
    await installationsAre(1);
    expect((await idle.open(status.url)).status).toBe(404);
    expect((await idle.open(`/accounts/acme${idle.mark}/messenger`)).status).toBe(404);
    expect((await idle.open('/')).text).toContain('Open my sandbox');
    expect((await busy.open('/')).text).toContain('<bdi>Shopkeeper</bdi> answers');
    await waitUntil('the file is gone', async () =>
      (await readdir(demo.folder)).every((name) => !name.includes(idle.mark.slice(1))),
    );
  });

  it('leaves nothing behind, even when its visitor made the remove callback get lost', async () => {
    const visitor = await createVisitor(demo);
    await visitor.install();
    await visitor.post('/faults', { kind: 'loseRemoveCallback', times: '1' });
    const admin = `/accounts/acme${visitor.mark}/admin/ai/ai-agents/ai-agents/marketplace-bots`;
    const remove = /[0-9a-f]{24}\/remove/.exec((await visitor.open(admin)).text)?.[0];
    await visitor.post(`${admin}/${remove}`);
    expect((await visitor.open(admin)).text).toContain('No bot installed');
    expect(await countInstallations()).toBe(1);
    demo.clock.advance(25 * HOUR_MS);
    await installationsAre(0);
  });

  it('says when it ends and can be ended now', async () => {
    const visitor = await createVisitor(demo);
    await visitor.install();
    const page = await visitor.open('/your-sandbox');
    const end = new Date(demo.clock.now() + 24 * HOUR_MS).toISOString();
    expect(page.text).toContain(`datetime="${end}"`);
    const after = await visitor.submit(page, '/your-sandbox/start-over');
    expect(after.text).toContain('Open my sandbox');
    await installationsAre(0);
    const fresh = await visitor.open('/portal');
    expect(fresh.status).toBe(200);
    expect((await visitor.open('/')).text).not.toContain(visitor.mark);
  });

  it('survives a restart, and its bot still answers', async () => {
    const visitor = await createVisitor(demo);
    await visitor.install();
    await visitor.chat('before the restart');
    await demo.restartSandbox();
    await visitor.chat('after the restart');
    const chat = await visitor.open(`/accounts/acme${visitor.mark}/messenger`);
    expect(chat.text).toContain('before the restart');
  });

  it('ends on time although the sandbox was restarted in between', async () => {
    const visitor = await createVisitor(demo);
    await visitor.install();
    demo.clock.advance(20 * HOUR_MS);
    await visitor.open('/');
    await demo.restartSandbox();
    demo.clock.advance(23 * HOUR_MS);
    expect((await createBrowser().get(demo.url)).status).toBe(200);
    expect(await countInstallations()).toBe(1);
    demo.clock.advance(2 * HOUR_MS);
    await installationsAre(0);
  });

  it('keeps its file until its bot could be told, over a restart, too', async () => {
    const visitor = await createVisitor(demo);
    await visitor.install();
    demo.setShopDown(true);
    await visitor.post('/your-sandbox/start-over');
    await demo.restartSandbox();
    expect(await countInstallations()).toBe(1);
    expect((await visitor.open(`/accounts/acme${visitor.mark}/messenger`)).status).toBe(404);
    expect(await readdir(demo.folder)).toContain(`${visitor.mark.slice(1)}.json`);
    demo.setShopDown(false);
    await installationsAre(0);
    await waitUntil('the file is gone', async () => (await readdir(demo.folder)).length === 0);
  });
});

describe('a browser without a sandbox', () => {
  const countWorlds = async (): Promise<number> => {
    await demo.restartSandbox();
    return (await readdir(demo.folder)).length;
  };

  it('gets one with the page where an account is chosen', async () => {
    const browser = createBrowser();
    const consent = await browser.open(`${demo.shopUrl}/install`);
    expect(consent.status).toBe(200);
    expect(consent.text).toMatch(/value="acme-[a-z2-7]{16}"/);
    expect((await browser.open(`${demo.url}/`)).text).toContain('Acme Outdoor');
  });

  it('gets none for looking at the front page, at pictures, or at what is not there', async () => {
    const probes = ['/', '/robots.txt', '/assets/base.css', '/nothing', '/accounts/acme/messenger'];
    for (const path of probes) {
      for (const method of ['GET', 'HEAD']) {
        const { headers } = await fetch(`${demo.url}${path}`, { method });
        expect(headers.getSetCookie(), `${method} ${path}`).toEqual([]);
      }
    }
    const head = await fetch(`${demo.url}/portal`, { method: 'HEAD' });
    expect(head.headers.getSetCookie()).toEqual([]);
    const picture = await fetch(`${demo.url}/portal`, { headers: { 'Sec-Fetch-Dest': 'image' } });
    expect(picture.headers.getSetCookie()).toEqual([]);
    expect(await countWorlds()).toBe(0);
  });

  it('loses it after ten minutes when it never showed the cookie', async () => {
    const [cookie = ''] = (await fetch(`${demo.url}/portal`)).headers.getSetCookie();
    demo.clock.advance(11 * 60_000);
    await waitUntil('the sandbox is gone', async () => {
      const headers = { cookie: cookie.split(';', 1)[0] ?? '' };
      return (await (await fetch(demo.url, { headers })).text()).includes('Open my sandbox');
    });
    expect(await countWorlds()).toBe(0);
  });
});
