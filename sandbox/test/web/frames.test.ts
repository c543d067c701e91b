import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '@shopkeeper/zendesk-sandbox';
import type { Sandbox } from '@shopkeeper/zendesk-sandbox';

const BOT = 'https://bot.example.com';

describe('a page of the stand-in in a frame', () => {
  let framed: Sandbox;
  let alone: Sandbox;
  beforeAll(async () => {
    framed = await startSandbox({ port: 0, framedBy: BOT });
    alone = await startSandbox({ port: 0 });
  });
  afterAll(() => Promise.all([framed.close(), alone.close()]));

  const open = (sandbox: Sandbox, path: string, headers: Record<string, string> = {}) =>
    fetch(sandbox.url + path, { headers });
  const CHAT = '/accounts/acme/messenger';

  it('is shown to the site that it was made for, and to no other', async () => {
    const { headers } = await open(framed, CHAT);
    expect(headers.get('content-security-policy')).toContain(`frame-ancestors 'self' ${BOT}`);
    expect(headers.get('x-frame-options')).toBeNull();
  });

  it('is shown to none by default', async () => {
    const { headers } = await open(alone, CHAT);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self';");
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
  });

  it('never is where somebody allows something', async () => {
    framed.registerClient({
      clientId: 'bot',
      clientSecret: 'secret',
      name: 'Bot',
      redirectUris: [`${BOT}/oauth`],
    });
    const { status, headers } = await open(
      framed,
      '/sc/oauth/authorize?client_id=bot&response_type=code',
    );
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self';");
  });

  it('leaves out what is otherwise around it', async () => {
    const plain = await (await open(framed, CHAT)).text();
    const inFrame = await (await open(framed, CHAT, { 'Sec-Fetch-Dest': 'iframe' })).text();
    const asked = await (await open(framed, `${CHAT}?embedded`)).text();
    expect(plain).toContain('class="ribbon"');
    expect(inFrame).not.toContain('class="ribbon"');
    expect(inFrame).toContain('class="embedded"');
    expect(asked).toBe(inFrame);
  });
});

describe('an authorization request that was allowed beforehand', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0 });
    sandbox.registerClient({
      clientId: 'bot',
      clientSecret: 'secret',
      name: 'Bot',
      redirectUris: [`${BOT}/oauth`],
    });
  });
  afterAll(() => sandbox.close());

  const ask = (state: string) =>
    fetch(`${sandbox.url}/sc/oauth/authorize?client_id=bot&response_type=code&state=${state}`, {
      redirect: 'manual',
    });

  it('leads back with a code and the state, without a page', async () => {
    sandbox.allowUnasked('known', 'acme');
    const { status, headers } = await ask('known');
    expect(status).toBe(302);
    expect(headers.get('location')).toMatch(
      /^https:\/\/bot\.example\.com\/oauth\?code=.+&state=known$/,
    );
  });

  it('is so once', async () => {
    sandbox.allowUnasked('spent', 'acme');
    await ask('spent');
    expect((await ask('spent')).status).toBe(200);
  });

  it('is no other one, and none of an account that is not there', async () => {
    sandbox.allowUnasked('mine', 'acme');
    sandbox.allowUnasked('odd', 'nowhere');
    expect((await ask('other')).status).toBe(200);
    expect((await ask('odd')).status).toBe(200);
  });
});
