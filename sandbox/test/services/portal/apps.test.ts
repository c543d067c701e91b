import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DETAILS, REDIRECT_URI, readCredentials, startPortal } from './support/start-portal.ts';
import type { Credentials, PortalWorld, Visitor } from './support/start-portal.ts';

describe('an app in the Apps portal', () => {
  let world: PortalWorld;
  let owner: Visitor;
  let app: Credentials;
  let path: string;

  beforeEach(async () => {
    world = await startPortal();
    owner = await world.signIn('Zocks Owner');
    app = await world.createApp(owner);
    path = `/portal/apps/${app.clientId}`;
  });

  afterEach(() => world.close());

  const enable = () => owner.send(`${path}/enabled`, { enabled: 'on' });

  it('is seen by those who manage it, and by its users once it is enabled', async () => {
    const adviser = await world.signIn('Zocks Adviser');
    expect((await adviser.get('/portal/apps')).text).not.toContain('Meeting Notes');
    expect((await adviser.get(path)).status).toBe(404);
    await enable();
    expect((await adviser.get('/portal/apps')).text).toContain('Meeting Notes');
    const page = await adviser.get(path);
    expect(page.text).toContain('Read notes');
    expect(page.text).not.toContain('Manage app');
    expect(page.text).not.toContain('Credentials');
  });

  it('is none of any other account', async () => {
    await enable();
    const stranger = await world.signIn('Birch Owner');
    expect((await stranger.get('/portal/apps')).text).not.toContain('Meeting Notes');
    for (const page of ['', '/manage/details', '/secret', '/delete'])
      expect((await stranger.get(`${path}${page}`)).status).toBe(404);
    for (const form of ['/enabled', '/hierarchy', '/secret', '/delete', '/manage/details'])
      expect((await stranger.send(`${path}${form}`, { enabled: 'off' })).status).toBe(404);
    expect((await owner.get(path)).text).toContain('Enabled');
  });

  it('is managed by Owners and Admins only', async () => {
    await enable();
    const adviser = await world.signIn('Zocks Adviser');
    expect((await adviser.get(`${path}/manage/details`)).status).toBe(403);
    expect((await adviser.send(`${path}/secret`)).status).toBe(403);
    expect((await adviser.send(`${path}/delete`)).status).toBe(403);
    const admin = await world.signIn('Zocks Admin');
    expect((await admin.get(`${path}/manage/details`)).status).toBe(200);
  });

  it('gets other details, redirect URIs and scopes', async () => {
    await owner.send(`${path}/manage/details`, { ...DETAILS, name: 'Notes for tickets' });
    await owner.send(`${path}/manage/redirect-uris`, { redirectUri: `${REDIRECT_URI}/2` });
    const page = await owner.send(`${path}/manage/scopes`, { scope: 'tasks.read' });
    for (const text of ['Notes for tickets', `${REDIRECT_URI}/2`, 'tasks.read'])
      expect(page.text).toContain(text);
    expect(page.text).not.toContain('>profile<');
  });

  it.each([
    ['details', { name: '' }],
    ['redirect-uris', { redirectUri: 'http://example.com' }],
    ['scopes', { scope: 'everything' }],
  ])('is not changed by a form with mistakes in its %s', async (section, fields) => {
    const before = await owner.get(path);
    const refused = await owner.send(`${path}/manage/${section}`, fields);
    expect([refused.status, refused.text.includes('-problem"')]).toEqual([422, true]);
    expect((await owner.get(path)).text).toBe(before.text);
  });

  it('gets a new secret, and the old one stops working', async () => {
    await enable();
    const page = await owner.send(`${path}/secret`);
    const fresh = readCredentials(page.text);
    expect(fresh.clientId).toBe(app.clientId);
    const code = await world.obtainCode(app.clientId);
    expect((await world.exchange(app, code)).status).toBe(401);
    expect((await world.exchange(fresh, code)).status).toBe(200);
  });

  it('takes a scope from old tokens after a warning, and never gives it back', async () => {
    await owner.send(`${path}/manage/scopes`, { scope: 'profile' });
    await enable();
    const tokens = await world.connect(app);
    const warned = await owner.send(`${path}/manage/scopes`, {});
    expect(warned.text).toContain('1 person has');
    expect((await world.getMe(tokens.access_token)).status).toBe(200);
    const page = await owner.send(`${path}/manage/scopes`, { confirmed: 'yes' });
    expect(page.text).toContain('no scope is left');
    expect((await world.getMe(tokens.access_token)).status).toBe(403);
    await owner.send(`${path}/manage/scopes`, { scope: 'profile' });
    const refused = await world.getMe(tokens.access_token);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toContain('insufficient_scope');
    const refreshed = await world.requestToken(app, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    });
    expect(await refreshed.json()).toMatchObject({ scope: '' });
  });

  it('gives no new scope to old tokens', async () => {
    await enable();
    const tokens = await world.connect(app);
    await owner.send(`${path}/manage/scopes`, { scope: 'profile', confirmed: 'yes' });
    const refreshed = await world.requestToken(app, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    });
    expect(await refreshed.json()).toMatchObject({ scope: 'profile' });
    expect((await owner.get(path)).text).toContain('<span class="tag">profile</span>');
  });

  it('is deleted after its consequences were shown, with all its tokens', async () => {
    await enable();
    const tokens = await world.connect(app);
    expect((await owner.get(`${path}/delete`)).text).toContain('1 person loses');
    const list = await owner.send(`${path}/delete`);
    expect(list.text).not.toContain('Meeting Notes');
    expect((await world.getMe(tokens.access_token)).status).toBe(401);
    expect((await world.allow(app.clientId)).status).toBe(400);
  });

  it('reaches the whole enterprise only once the operator approves', async () => {
    await enable();
    const child = await world.signIn('Harbor Adviser');
    await owner.send(`${path}/hierarchy`);
    expect((await child.get(path)).status).toBe(404);
    const operator = await child.get('/portal/operator');
    expect(operator.text).toContain('Meeting Notes');
    await child.send(`/portal/operator/apps/${app.clientId}`, { hierarchy: 'on' });
    expect((await child.get('/portal/apps')).text).toContain(
      'An app of <bdi>Example Advisers</bdi>',
    );
    const tokens = await world.connect(app, 'Harbor Adviser');
    const me = await (await world.getMe(tokens.access_token)).json();
    expect(me).toMatchObject({ name: 'Harbor Adviser', account: { name: 'Harbor Planning' } });
    const stranger = await world.signIn('Birch Owner');
    expect((await stranger.get(path)).status).toBe(404);

    await child.send(`/portal/operator/apps/${app.clientId}`, { hierarchy: 'off' });
    expect((await child.get(path)).status).toBe(404);
    expect((await world.getMe(tokens.access_token)).status).toBe(401);
  });

  it('is requested once, and never by an account that stands alone', async () => {
    await owner.send(`${path}/hierarchy`);
    expect((await owner.send(`${path}/hierarchy`)).status).toBe(409);
    const alone = await world.signIn('Birch Owner');
    const own = await world.createApp(alone);
    expect((await alone.get(`/portal/apps/${own.clientId}`)).text).not.toContain('hierarchy');
    expect((await alone.send(`/portal/apps/${own.clientId}/hierarchy`)).status).toBe(409);
  });
});
