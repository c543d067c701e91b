import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { serve } from '../support/network/serve.ts';
import { createVisitor } from './support/create-visitor.ts';
import type { Visitor } from './support/create-visitor.ts';
import { startDemo } from './support/start-demo.ts';
import type { Demo } from './support/start-demo.ts';

const NOTE = 'not called in the public demo';
const tokenSchema = z.object({ access_token: z.string() });
const tokenInfoSchema = z.object({ app: z.object({ id: z.string() }) });

/** A service beside the demo that no visitor could reach: the demo must not do it for them. */
async function startInternalService() {
  const requests: string[] = [];
  const service = await serve((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.end();
  });
  return { ...service, requests };
}

describe('a visitor who makes the marketplace bot theirs', () => {
  let demo: Demo;
  let visitor: Visitor;
  let internal: Awaited<ReturnType<typeof startInternalService>>;

  beforeEach(async () => {
    demo = await startDemo();
    internal = await startInternalService();
    visitor = await createVisitor(demo);
    const signIn = await visitor.open('/portal');
    const owner = /value="([0-9a-f]{24})"[\s\S]{0,200}Zocks Owner/.exec(signIn.text)?.[1] ?? '';
    await visitor.post('/portal/sign-in', { person: owner });
  });
  afterEach(async () => {
    internal.close();
    await demo.close();
  });

  /** A new secret and a redirect URI of theirs get them an access token of their own account. */
  async function obtainToken(): Promise<string> {
    const redirectUri = 'https://visitor.example/callback';
    await visitor.post('/portal/apps/shopkeeper/manage/redirect-uris', { redirectUri });
    await visitor.post('/portal/apps/shopkeeper/secret');
    const shown = await visitor.open('/portal/apps/shopkeeper/secret');
    const secret = /<code[^>]*>([\w-]{43})<\/code>/.exec(shown.text)?.[1] ?? '';
    const allowed = await visitor.post('/sc/oauth/authorize', {
      client_id: 'shopkeeper',
      response_type: 'code',
      account: `acme${visitor.mark}`,
      decision: 'allow',
    });
    const code = new URL(visitor.location(allowed)).searchParams.get('code') ?? '';
    const answer = await fetch(`${demo.url}/sc/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        code,
        grant_type: 'authorization_code',
        client_id: 'shopkeeper',
        client_secret: secret,
      }),
    });
    return tokenSchema.parse(await answer.json()).access_token;
  }

  async function addWebhook(token: string, target: string): Promise<number> {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const info = await fetch(`${demo.url}/sc/v2/tokenInfo`, { headers });
    const { app } = tokenInfoSchema.parse(await info.json());
    const base = `${demo.url}/accounts/acme${visitor.mark}/sc/v2/apps/${app.id}`;
    const made = await fetch(`${base}/integrations/me/webhooks`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ target, triggers: ['conversation:create', 'conversation:message'] }),
    });
    return made.status;
  }

  it('cannot have other servers called by a webhook or a remove callback', async () => {
    const removeUrl = `${internal.url}/remove`;
    const changed = await visitor.post('/portal/apps/shopkeeper/manage/marketplace', { removeUrl });
    expect(changed.status).toBe(303);
    expect((await visitor.open('/portal/apps/shopkeeper')).text).toContain(NOTE);

    expect(await addWebhook(await obtainToken(), `${internal.url}/hook`)).toBe(201);
    const admin = `/accounts/acme${visitor.mark}/admin/ai/ai-agents/ai-agents/marketplace-bots`;
    const bots = await visitor.open(admin);
    expect(bots.text).toContain(`${internal.url}/hook`);
    expect(bots.text).toContain(NOTE);

    const messenger = `/accounts/acme${visitor.mark}/messenger`;
    await visitor.post(`${messenger}/conversations`);
    expect((await visitor.post(`${messenger}/messages`, { text: 'hello' })).status).toBe(303);
    const remove = /[0-9a-f]{24}\/remove/.exec(bots.text)?.[0];
    expect((await visitor.open(`${admin}/${remove}`)).text).toContain(NOTE);
    expect((await visitor.post(`${admin}/${remove}`)).status).toBe(303);
    await visitor.post('/your-sandbox/start-over');

    // Had something been sent, it would have gone before this.
    await fetch(`${internal.url}/last`);
    expect(internal.requests).toEqual(['GET /last']);
  });

  it.each([
    (origin: string) => origin.replace('http://localhost', 'http://localhost@127.0.0.1'),
    (origin: string) => `${origin}.example.com`.replace(/:\d+\./, '.'),
    (origin: string) => origin.replace('localhost', '127.0.0.1'),
  ])('cannot disguise another server as the bot’s (%#)', async (disguise) => {
    const target = `${disguise(demo.shopUrl)}/hook`.replace('http:', 'https:');
    expect(await addWebhook(await obtainToken(), target)).toBe(201);
    const admin = `/accounts/acme${visitor.mark}/admin/ai/ai-agents/ai-agents/marketplace-bots`;
    expect((await visitor.open(admin)).text).toContain(NOTE);
  });

  it('still has the bot’s own address asked and called', async () => {
    expect(await addWebhook(await obtainToken(), `${demo.shopUrl}/webhooks/none`)).toBe(201);
    const admin = `/accounts/acme${visitor.mark}/admin/ai/ai-agents/ai-agents/marketplace-bots`;
    expect((await visitor.open(admin)).text).not.toContain(NOTE);
  });

  it('cannot send the demo’s form from another site', async () => {
    const cookie = `sandbox_world=${visitor.cookies.get('sandbox_world')?.value}`;
    const startOver = (headers: Record<string, string>) =>
      fetch(`${demo.url}/your-sandbox/start-over`, {
        method: 'POST',
        headers: { cookie, ...headers },
        redirect: 'manual',
      });
    expect((await startOver({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    expect((await startOver({ Origin: 'https://evil.example' })).status).toBe(403);
    expect((await visitor.open('/')).text).toContain(visitor.mark);
  });
});
