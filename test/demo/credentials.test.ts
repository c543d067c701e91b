import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVisitor } from './support/create-visitor.ts';
import type { Visitor } from './support/create-visitor.ts';
import { SERVER_APP, startDemo, ZOCKS_APP } from './support/start-demo.ts';
import type { Demo } from './support/start-demo.ts';

const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

describe('a credential of the public demo', () => {
  let demo: Demo;
  let ann: Visitor;

  beforeEach(async () => {
    demo = await startDemo();
    ann = await createVisitor(demo);
  });
  afterEach(() => demo.close());

  const post = (
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ) => fetch(`${demo.url}${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) });

  it.each(['', '-aaaaaaaaaaaaaaaa'])(
    'of nobody is refused as each service refuses (ending “%s”)',
    async (mark) => {
      const bearer = { Authorization: `Bearer unknown${mark}` };
      const info = await fetch(`${demo.url}/sc/v2/tokenInfo`, { headers: bearer });
      expect(info.status).toBe(401);
      expect(await info.json()).toMatchObject({ errors: [{ code: 'unauthorized' }] });

      const zoom = await fetch(`${demo.url}/zoom/v2/users/me`, { headers: bearer });
      expect(zoom.status).toBe(401);
      expect(await zoom.json()).toMatchObject({ code: 124 });

      const zocks = await fetch(`${demo.url}/zocks/api/v1/me`, { headers: bearer });
      expect(zocks.status).toBe(401);
      expect(await zocks.json()).toMatchObject({ error: 'invalid_token' });

      const code = await post('/sc/oauth/token', {
        code: `unknown${mark}`,
        grant_type: 'authorization_code',
        client_id: 'shopkeeper',
        client_secret: 'demo-client-secret-for-tests',
      });
      expect(code.status).toBe(400);
      expect(await code.json()).toMatchObject({
        errors: [{ title: 'Invalid authorization code' }],
      });
    },
  );

  it('is none that a client needs to ask what Zocks’ server can do', async () => {
    for (const path of [
      '/.well-known/oauth-authorization-server/zocks',
      '/zocks/.well-known/oauth-authorization-server',
    ]) {
      const answer = await fetch(`${demo.url}${path}`);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(await answer.json()).toMatchObject({ issuer: `${demo.url}/zocks` });
    }
  });

  it('that calls too often is refused in the words of the service that was called', async () => {
    await demo.close();
    demo = await startDemo({ callsAMinute: 0 });
    const { mark } = await createVisitor(demo);
    const headers = { Authorization: `Bearer made-up${mark}` };
    const call = async (path: string) => {
      const response = await fetch(`${demo.url}${path}`, { headers });
      return { status: response.status, body: await response.json() };
    };
    const sentence = 'The public demo allows one visitor fewer calls.';
    expect(await call('/sc/v2/tokenInfo')).toEqual({
      status: 429,
      body: { errors: [{ code: 'too_many_requests', title: sentence }] },
    });
    expect(await call('/zoom/v2/users/me')).toEqual({
      status: 429,
      body: { code: 429, message: sentence },
    });
    expect(await call('/zocks/api/v1/me')).toEqual({
      status: 429,
      body: { error: 'invalid_request', error_description: sentence },
    });
  });

  it('is refused where the body cannot be read', async () => {
    const broken = await fetch(`${demo.url}/sc/oauth/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"code":',
    });
    expect(broken.status).toBe(400);
  });

  it('of an app without the end of its world opens no world', async () => {
    const fields = { grant_type: 'account_credentials', account_id: demo.zoomAccountId };
    const { clientId, clientSecret } = SERVER_APP;
    const nobody = { Authorization: basic(clientId, clientSecret) };
    expect((await post('/zoom/oauth/token', fields, nobody)).status).toBe(400);
    const own = { Authorization: basic(`${clientId}${ann.mark}`, clientSecret) };
    expect((await post('/zoom/oauth/token', fields, own)).status).toBe(200);
  });

  it('is found in a form, in Basic, and in Basic that was percent-encoded', async () => {
    const clientId = `${ZOCKS_APP.clientId}${ann.mark}`;
    const { clientSecret } = ZOCKS_APP;
    const fields = { token: 'whatever' };
    const inForm = { ...fields, client_id: clientId, client_secret: clientSecret };
    expect((await post('/zocks/oauth/revoke', inForm)).status).toBe(200);
    for (const id of [clientId, clientId.replaceAll('-', '%2D')]) {
      const headers = { Authorization: basic(id, clientSecret) };
      expect((await post('/zocks/oauth/revoke', fields, headers)).status, id).toBe(200);
    }
  });

  it('of one visitor reaches nothing of another', async () => {
    const bob = await createVisitor(demo);
    await Promise.all([ann.install(), bob.install()]);
    const clientId = `${ZOCKS_APP.clientId}${ann.mark}`;
    const asked = { client_id: clientId, response_type: 'code', decision: 'allow', user: 'any' };
    const redirect_uri = `${demo.shopUrl}/connections/callback/zocks`;
    const consent = `/zocks/oauth/authorize?${new URLSearchParams({ ...asked, redirect_uri }).toString()}`;
    expect((await ann.open(consent)).status).toBe(200);
    const refused = await bob.open(consent);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('No application has this client id.');
    const foreign = await bob.post('/sc/oauth/authorize', {
      client_id: 'shopkeeper',
      response_type: 'code',
      account: `acme${ann.mark}`,
      decision: 'allow',
    });
    expect(foreign.status).toBe(400);
    expect(foreign.text).toContain('No account was chosen.');
  });
});
