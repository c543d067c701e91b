import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createBrowser } from '../support/browser/browser.ts';
import { createVisitor } from './support/create-visitor.ts';
import type { Visitor } from './support/create-visitor.ts';
import { SERVER_APP, startDemo } from './support/start-demo.ts';
import type { Demo } from './support/start-demo.ts';

const tokenSchema = z.object({ access_token: z.string() });
const meetingSchema = z.object({ join_url: z.string() });
const ADMIN = 'admin/ai/ai-agents/ai-agents/marketplace-bots';

describe('two visitors of the public demo', () => {
  let demo: Demo;
  let ann: Visitor;
  let bob: Visitor;

  beforeEach(async () => {
    demo = await startDemo();
    [ann, bob] = await Promise.all([createVisitor(demo), createVisitor(demo)]);
  });
  afterEach(() => demo.close());

  it('walk through the story at once, each in accounts of their own', async () => {
    await Promise.all(
      [ann, bob].map(async (visitor, index) => {
        await visitor.install();
        await visitor.chat(`secret of visitor ${index}`);
        await visitor.post(`/accounts/acme${visitor.mark}/messenger/messages`, { text: 'agent' });
      }),
    );
    const desk = await bob.open(`/accounts/acme${bob.mark}/agent`);
    const [conversation] = desk.text.match(/\/agent\/conversations\/[0-9a-f]{24}/) ?? [];
    const open = await bob.open(`/accounts/acme${bob.mark}${conversation}`);
    expect(open.text).toContain('secret of visitor 1');
    expect(open.text).not.toContain('secret of visitor 0');
  });

  it('see nothing of each other on any face', async () => {
    await ann.install();
    await ann.chat('only for Ann');
    await ann.open('/portal');
    const faces = ['/', '/portal', '/zoom', '/zocks', '/faults', '/your-sandbox'];
    const own = ['messenger', 'agent', ADMIN].map((face) => `/accounts/acme${bob.mark}/${face}`);
    for (const path of [...faces, ...own]) {
      const page = await bob.open(path);
      expect(page.status, path).toBe(200);
      expect(page.text, path).not.toContain(ann.mark);
      expect(page.text, path).not.toContain('only for Ann');
    }
    expect((await bob.open('/')).text).not.toContain('Installed:');
  });

  it('get 404 for each other’s addresses, signed in to the portal or not', async () => {
    await ann.install();
    await ann.chat('anybody there');
    const desk = await ann.open(`/accounts/acme${ann.mark}/agent`);
    const [conversation] = desk.text.match(/\/agent\/conversations\/[0-9a-f]{24}/) ?? [];
    const theirs = ['messenger', 'agent', ADMIN, conversation?.slice(1) ?? 'none'].map(
      (face) => `/accounts/acme${ann.mark}/${face}`,
    );
    const stranger = createBrowser();
    for (const path of theirs) {
      expect((await ann.open(path)).status, path).toBe(200);
      expect((await bob.open(path)).status, path).toBe(404);
      expect((await stranger.open(`${demo.url}${path}`)).status, path).toBe(404);
    }
    const written = await bob.post(`/accounts/acme${ann.mark}/messenger/conversations`);
    expect(written.status).toBe(404);
    const borrowed = `/accounts/acme${bob.mark}${conversation}`;
    expect((await bob.open(borrowed)).status).toBe(404);
  });

  it('have apps of their own in the portal', async () => {
    const signIn = await ann.open('/portal');
    const owner = /value="([0-9a-f]{24})"[\s\S]{0,200}Zocks Owner/.exec(signIn.text)?.[1] ?? '';
    await ann.post('/portal/sign-in', { person: owner });
    await ann.post('/portal/apps/new/details', { go: 'next', name: 'App of Ann', logoUrl: '' });
    await ann.post('/portal/apps/new/redirect-uris', {
      go: 'next',
      redirectUri: 'https://ann.example/callback',
    });
    await ann.post('/portal/apps/new/scopes', { go: 'next', scope: 'profile' });
    const made = await ann.open('/portal/apps');
    expect(made.text).toContain('App of Ann');
    const clientId = /apps\/([0-9a-f]{24}-[a-z2-7]{16})"/.exec(made.text)?.[1] ?? '';
    expect(clientId.endsWith(ann.mark)).toBe(true);

    // The cookie of a session in one world means nothing in another.
    expect((await bob.open('/portal/apps')).url).toBe(`${demo.url}/portal`);
    await bob.post('/portal/sign-in', { person: owner });
    expect((await bob.open('/portal/apps')).text).not.toContain('App of Ann');
    expect((await bob.open(`/portal/apps/${clientId}`)).status).toBe(404);
  });

  it('have meetings of their own in Zoom', async () => {
    const meet = async (visitor: Visitor, topic: string) => {
      const { clientId, clientSecret } = SERVER_APP;
      const basic = Buffer.from(`${clientId}${visitor.mark}:${clientSecret}`).toString('base64');
      const token = await fetch(`${demo.url}/zoom/oauth/token`, {
        method: 'POST',
        headers: { Authorization: `Basic ${basic}` },
        body: new URLSearchParams({
          grant_type: 'account_credentials',
          account_id: demo.zoomAccountId,
        }),
      });
      expect(token.status).toBe(200);
      const { access_token: access } = tokenSchema.parse(await token.json());
      expect(access.endsWith(visitor.mark)).toBe(true);
      const made = await fetch(`${demo.url}/zoom/v2/users/owner@zoom.example/meetings`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${access}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ topic }),
      });
      expect(made.status).toBe(201);
      return new URL(meetingSchema.parse(await made.json()).join_url);
    };
    const link = await meet(ann, 'Meeting of Ann');
    expect((await ann.open('/zoom')).text).toContain('Meeting of Ann');
    expect((await bob.open('/zoom')).text).not.toContain('Meeting of Ann');
    expect((await ann.open(`${link.pathname}${link.search}`)).status).toBe(200);
    expect((await bob.open(`${link.pathname}${link.search}`)).status).toBe(404);
  });

  it('are hit by their own faults only', async () => {
    await Promise.all([ann.install(), bob.install()]);
    await ann.post('/faults', { kind: 'hang', operation: 'PostMessage', times: '20' });
    expect((await ann.open('/faults')).text).toContain('never answered</');
    expect((await bob.open('/faults')).text).toContain('Nothing is armed');
    await bob.chat('still answered');
  });

  it('see on the bot’s pages only what their own browser installed', async () => {
    const status = await ann.install();
    await ann.chat('only for Ann');
    await bob.install('bloom');
    const home = await bob.open(demo.shopUrl);
    expect(home.text).toContain(`bloom${bob.mark}`);
    expect(home.text).not.toContain(ann.mark);
    for (const path of ['', '/activity', '/connections', '/oauth-clients']) {
      expect((await bob.open(`${status.url}${path}`)).status, path).toBe(404);
    }
  });
});
