import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT_ID, CLIENT_SECRET, startWorld } from './support/start-world.ts';
import type { World } from './support/start-world.ts';

describe('armed faults', () => {
  let world: World;
  let bot: ReturnType<World['install']>;
  let conversationId: string;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.install();
    ({ conversationId } = world.control.createConversation({ account: 'acme' }));
  });

  afterEach(() => world.close());

  function post() {
    const content = { type: 'text', text: 'Hello' };
    const body = { author: { type: 'business' }, content };
    return bot.call('POST', `/conversations/${conversationId}/messages`, body);
  }

  it('refuse the next calls of one operation, then let them through', async () => {
    world.control.armFault({
      kind: 'answer',
      operation: 'PostMessage',
      status: 429,
      retryAfter: 3,
      times: 2,
    });
    expect((await bot.call('GET', `/conversations/${conversationId}`)).status).toBe(200);
    const refused = await post();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('3');
    expect(refused.body.errors?.[0]?.code).toBe('too_many_requests');
    expect((await post()).status).toBe(429);
    expect((await post()).status).toBe(201);
    expect(world.control.messages(conversationId)).toHaveLength(1);
  });

  it('strike any operation when none is named', async () => {
    world.control.armFault({ kind: 'answer', status: 500 });
    expect((await bot.call('GET', '/users/x')).status).toBe(500);
  });

  it('drop the connection after the message was stored', async () => {
    world.control.armFault({ kind: 'dropAnswer', operation: 'PostMessage' });
    await expect(post()).rejects.toThrow('fetch failed');
    expect(world.control.messages(conversationId)).toHaveLength(1);
    expect(world.control.calls.at(-1)?.status).toBeNull();
  });

  it('leave a call without any answer', async () => {
    world.control.armFault({ kind: 'hang', operation: 'GetUser' });
    const hanging = fetch(`${world.url}${bot.host}/v2/apps/${bot.appId}/users/x`, {
      headers: { Authorization: `Bearer ${bot.token}` },
      signal: AbortSignal.timeout(200),
    });
    await expect(hanging).rejects.toThrow('timeout');
  });

  it('answer with a page instead of JSON', async () => {
    world.control.armFault({ kind: 'html', operation: 'GetUser' });
    const response = await fetch(`${world.url}${bot.host}/v2/apps/${bot.appId}/users/x`);
    expect(response.status).toBe(502);
    expect(response.headers.get('content-type')).toContain('text/html');
  });

  it.each([
    [{ kind: 'proxyJson', operation: 'GetUser' }, 403, 'application/json'],
    [{ kind: 'html', operation: 'GetUser', status: 200 }, 200, 'text/html'],
    [{ kind: 'redirect', operation: 'GetUser' }, 302, 'text/plain'],
  ] as const)('answer in the place of the service: %j', async (fault, status, type) => {
    world.control.armFault(fault);
    const url = `${world.url}${bot.host}/v2/apps/${bot.appId}/users/x`;
    const response = await fetch(url, { redirect: 'manual' });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain(type);
    expect(await response.text()).not.toContain('errors');
  });

  it('that word refusals of GetToken otherwise wait for one', async () => {
    world.control.armFault({ kind: 'oauthErrors' });
    const client = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET };
    const send = (path: string, fields: Record<string, string>) =>
      fetch(`${world.url}/sc/oauth/${path}`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ ...client, ...fields }),
      });
    const choice = { response_type: 'code', account: 'acme', decision: 'allow' };
    const allowed = (await send('authorize', choice)).headers.get('location') ?? '';
    const code = new URL(allowed).searchParams.get('code') ?? '';
    const exchange = async () =>
      (await send('token', { code, grant_type: 'authorization_code' })).json();
    expect(await exchange()).toHaveProperty('access_token');
    expect(await exchange()).toMatchObject({ error: 'invalid_grant' });
    expect(await exchange()).toHaveProperty('errors');
  });

  it('are gone once cleared', async () => {
    world.control.armFault({ kind: 'answer', status: 500, times: 9 });
    world.control.clearFaults();
    expect((await post()).status).toBe(201);
  });

  it('that make no sense are refused', () => {
    expect(() => world.control.armFault({ kind: 'answer', status: 200 })).toThrow('status');
  });
});
