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

  const enable = () => owner.submit(`${path}/enabled`, { enabled: 'on' });

  it('is seen by those who manage it, and by its users once it is enabled', async () => {
    const adviser = await world.signIn('Zocks Adviser');
    expect((await adviser.open('/portal/apps')).html).not.toContain('Meeting Notes');
    expect((await adviser.open(path)).status).toBe(404);
    await enable();
    expect((await adviser.open('/portal/apps')).html).toContain('Meeting Notes');
    const page = await adviser.open(path);
    expect(page.html).toContain('Read notes');
    expect(page.html).not.toContain('Manage app');
    expect(page.html).not.toContain('Credentials');
  });

  it('is none of any other account', async () => {
    await enable();
    const stranger = await world.signIn('Birch Owner');
    expect((await stranger.open('/portal/apps')).html).not.toContain('Meeting Notes');
    for (const page of ['', '/manage/details', '/secret', '/delete'])
      expect((await stranger.open(`${path}${page}`)).status).toBe(404);
    for (const form of ['/enabled', '/hierarchy', '/secret', '/delete', '/manage/details'])
      expect((await stranger.submit(`${path}${form}`, { enabled: 'off' })).status).toBe(404);
    expect((await owner.open(path)).html).toContain('Enabled');
  });

  it('is managed by Owners and Admins only', async () => {
    await enable();
    const adviser = await world.signIn('Zocks Adviser');
    expect((await adviser.open(`${path}/manage/details`)).status).toBe(403);
    expect((await adviser.submit(`${path}/secret`)).status).toBe(403);
    expect((await adviser.submit(`${path}/delete`)).status).toBe(403);
    const admin = await world.signIn('Zocks Admin');
    expect((await admin.open(`${path}/manage/details`)).status).toBe(200);
  });

  it('gets other details, redirect URIs and scopes', async () => {
    await owner.submit(`${path}/manage/details`, { ...DETAILS, name: 'Notes for tickets' });
    await owner.submit(`${path}/manage/redirect-uris`, { redirectUri: `${REDIRECT_URI}/2` });
    const page = await owner.submit(`${path}/manage/scopes`, { scope: 'tasks.read' });
    for (const text of ['Notes for tickets', `${REDIRECT_URI}/2`, 'tasks.read'])
      expect(page.html).toContain(text);
    expect(page.html).not.toContain('>profile<');
  });

  it.each([
    ['details', { name: '' }],
    ['redirect-uris', { redirectUri: 'http://example.com' }],
    ['scopes', { scope: 'everything' }],
  ])('is not changed by a form with mistakes in its %s', async (section, fields) => {
    const before = await owner.open(path);
    const refused = await owner.submit(`${path}/manage/${section}`, fields);
    expect([refused.status, refused.html.includes('-problem"')]).toEqual([422, true]);
    expect((await owner.open(path)).html).toBe(before.html);
  });

  it('gets a new secret, and the old one stops working', async () => {
    await enable();
    const page = await owner.submit(`${path}/secret`);
    const fresh = readCredentials(page.html);
    expect(fresh.clientId).toBe(app.clientId);
    const code = await world.obtainCode(app.clientId);
    expect((await world.exchange(app, code)).status).toBe(401);
    expect((await world.exchange(fresh, code)).status).toBe(200);
  });

  it('takes a scope from old tokens after a warning, and never gives it back', async () => {
    await owner.submit(`${path}/manage/scopes`, { scope: 'profile' });
    await enable();
    const tokens = await world.connect(app);
    const warned = await owner.submit(`${path}/manage/scopes`, {});
    expect(warned.html).toContain('1 person has');
    expect((await world.getMe(tokens.access_token)).status).toBe(200);
    const page = await owner.submit(`${path}/manage/scopes`, { confirmed: 'yes' });
    expect(page.html).toContain('no scope is left');
    expect((await world.getMe(tokens.access_token)).status).toBe(403);
    await owner.submit(`${path}/manage/scopes`, { scope: 'profile' });
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
    await owner.submit(`${path}/manage/scopes`, { scope: 'profile', confirmed: 'yes' });
    const refreshed = await world.requestToken(app, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    });
    expect(await refreshed.json()).toMatchObject({ scope: 'profile' });
    expect((await owner.open(path)).html).toContain('<span class="tag">profile</span>');
  });

  it('is deleted after its consequences were shown, with all its tokens', async () => {
    await enable();
    const tokens = await world.connect(app);
    expect((await owner.open(`${path}/delete`)).html).toContain('1 person loses');
    const list = await owner.submit(`${path}/delete`);
    expect(list.html).not.toContain('Meeting Notes');
    expect((await world.getMe(tokens.access_token)).status).toBe(401);
    expect((await world.allow(app.clientId)).status).toBe(400);
  });

  it('reaches the whole enterprise only once the operator approves', async () => {
    await enable();
    const child = await world.signIn('Harbor Adviser');
    await owner.submit(`${path}/hierarchy`);
    expect((await child.open(path)).status).toBe(404);
    const operator = await child.open('/portal/operator');
    expect(operator.html).toContain('Meeting Notes');
    await child.submit(`/portal/operator/apps/${app.clientId}`, { hierarchy: 'on' });
    expect((await child.open('/portal/apps')).html).toContain(
      'An app of <bdi>Example Advisers</bdi>',
    );
    const tokens = await world.connect(app, 'Harbor Adviser');
    const me = await (await world.getMe(tokens.access_token)).json();
    expect(me).toMatchObject({ name: 'Harbor Adviser', account: { name: 'Harbor Planning' } });
    const stranger = await world.signIn('Birch Owner');
    expect((await stranger.open(path)).status).toBe(404);

    await child.submit(`/portal/operator/apps/${app.clientId}`, { hierarchy: 'off' });
    expect((await child.open(path)).status).toBe(404);
    expect((await world.getMe(tokens.access_token)).status).toBe(401);
  });

  it('is requested once, and never by an account that stands alone', async () => {
    await owner.submit(`${path}/hierarchy`);
    expect((await owner.submit(`${path}/hierarchy`)).status).toBe(409);
    const alone = await world.signIn('Birch Owner');
    const own = await world.createApp(alone);
    expect((await alone.open(`/portal/apps/${own.clientId}`)).html).not.toContain('hierarchy');
    expect((await alone.submit(`/portal/apps/${own.clientId}/hierarchy`)).status).toBe(409);
  });
});
