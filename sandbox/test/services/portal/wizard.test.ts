import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DETAILS, REDIRECT_URI, readCredentials, startPortal } from './support/start-portal.ts';
import type { PortalWorld, Visitor } from './support/start-portal.ts';

describe('the wizard of the Apps portal', () => {
  let world: PortalWorld;
  let owner: Visitor;

  beforeEach(async () => {
    world = await startPortal();
    owner = await world.signIn('Zocks Owner');
  });

  afterEach(() => world.close());

  it('makes an app in three steps, not enabled, and shows its secret once', async () => {
    const second = await owner.step('details', DETAILS);
    expect(second.text).toContain('Step 2: Redirect URIs');
    const third = await owner.step('redirect-uris', { redirectUri: REDIRECT_URI });
    expect(third.text).toContain('Step 3: Scopes');
    expect(third.text.match(/value="[\w.]+" checked/g)).toEqual(['value="profile" checked']);
    const end = await owner.step('scopes', { scope: 'notes.read' });
    const { clientId, clientSecret } = readCredentials(end.text);
    expect(clientSecret).toMatch(/^[\w-]{43}$/);
    const again = await owner.get(`/portal/apps/${clientId}/secret`);
    expect(again.text).not.toContain(clientSecret);
    const page = await owner.get(`/portal/apps/${clientId}`);
    for (const text of [
      'Meeting Notes',
      'Not enabled',
      '<li dir="auto">Read notes</li>',
      'notes.read',
    ])
      expect(page.text).toContain(text);
    expect(page.text).toContain('<li dir="auto">Find a meeting</li>');
    expect(page.text).not.toContain(clientSecret);
  });

  it('keeps the draft of each person, and takes it up where it was left', async () => {
    await owner.step('details', DETAILS);
    await owner.step('redirect-uris', { redirectUri: 'http://wrong.example' }, 'back');
    const list = await owner.get('/portal/apps');
    expect(list.text).toContain('Continue your new app');
    const first = await owner.get('/portal/apps/new/details');
    expect(first.text).toContain('value="Meeting Notes"');
    const resumed = await owner.get('/portal/apps/new');
    expect(resumed.headers.get('location')).toBe('/portal/apps/new/redirect-uris');
    const second = await owner.get('/portal/apps/new/redirect-uris');
    expect(second.text).toContain('value="http://wrong.example"');
    const admin = await world.signIn('Zocks Admin');
    expect((await admin.get('/portal/apps')).text).toContain('Create new app');
    expect((await admin.get('/portal/apps/new/details')).text).not.toContain('Meeting Notes');
  });

  it('forgets a draft that is discarded', async () => {
    await owner.step('details', DETAILS);
    const list = await owner.send('/portal/apps/new/discard');
    expect(list.text).toContain('Create new app');
  });

  it('lets nobody get past a step that is not right', async () => {
    const response = await owner.get('/portal/apps/new/scopes');
    expect(response.headers.get('location')).toBe('/portal/apps/new/details');
    await owner.step('details', { ...DETAILS, name: '' }, 'more');
    const skipped = await owner.step('scopes', { scope: 'profile' });
    expect(skipped.text).toContain('Step 1: App details');
    expect((await owner.get('/portal/apps')).text).toContain('Continue your new app');
  });

  it('adds rows for more redirect URIs without losing those typed', async () => {
    await owner.step('details', DETAILS);
    const more = await owner.step('redirect-uris', { redirectUri: REDIRECT_URI }, 'more');
    expect(more.text.match(/name="redirectUri"/g)).toHaveLength(2);
    expect(more.text).toContain(`value="${REDIRECT_URI}"`);
  });

  it.each([
    ['no name', 'details', { ...DETAILS, name: '  ' }, 'name', 'Enter the name'],
    [
      'a logo that is no address',
      'details',
      { ...DETAILS, logoUrl: 'logo' },
      'logoUrl',
      'https://',
    ],
    [
      'a logo that runs something',
      'details',
      { ...DETAILS, logoUrl: 'javascript:alert(1)' },
      'logoUrl',
      'https://',
    ],
    [
      'a logo of another kind',
      'details',
      { ...DETAILS, logoUrl: 'https://a.example/x.gif' },
      'logoUrl',
      'PNG or SVG',
    ],
    ['no redirect URI', 'redirect-uris', { redirectUri: '' }, 'redirectUri-0', 'at least one'],
    ['a made-up scope', 'scopes', { scope: 'everything' }, 'scope', 'from the list'],
  ])('says beside the field what is wrong with %s', async (_case, step, fields, field, text) => {
    await owner.step('details', DETAILS);
    await owner.step('redirect-uris', { redirectUri: REDIRECT_URI });
    const page = await owner.step(step, fields);
    expect(page.status).toBe(422);
    expect(page.text).toMatch(new RegExp(`id="${field}-problem">[^<]*${text}`));
  });

  it('hints at a short description that is long, and takes it', async () => {
    const shortDescription = 'x'.repeat(121);
    const next = await owner.step('details', { ...DETAILS, shortDescription });
    expect(next.text).toContain('Step 2');
    const page = await owner.get('/portal/apps/new/details');
    expect(page.text).toContain('121 characters');
  });

  it('escapes what was typed, everywhere it is shown', async () => {
    const name = '"><script>alert(1)</script>';
    const app = await world.createEnabledApp(owner);
    await owner.send(`/portal/apps/${app.clientId}/manage/details`, { ...DETAILS, name });
    for (const path of ['', `/${app.clientId}`, `/${app.clientId}/manage/details`]) {
      const { text: html } = await owner.get(`/portal/apps${path}`);
      expect(html).toContain('&lt;script&gt;');
      expect(html).not.toContain('<script>alert');
    }
  });

  it('refuses a step that does not exist and a button that does not', async () => {
    expect((await owner.get('/portal/apps/new/publish')).status).toBe(404);
    expect((await owner.step('details', DETAILS, 'publish')).status).toBe(400);
  });
});

describe('who may create apps', () => {
  let world: PortalWorld;

  beforeEach(async () => {
    world = await startPortal();
  });

  afterEach(() => world.close());

  it.each(['Zocks Owner', 'Zocks Admin', 'Birch Owner'])('includes %s', async (name) => {
    const visitor = await world.signIn(name);
    expect((await visitor.get('/portal/apps')).text).toContain('Create new app');
    expect((await visitor.get('/portal/apps/new')).status).toBe(303);
  });

  it.each([
    ['a Member', 'Zocks Adviser', 'Ask Zocks Owner'],
    ['an Owner where it is switched off', 'Harbor Owner', 'Home Office Admin'],
  ])('excludes %s, who is told whom to ask', async (_who, name, whom) => {
    const visitor = await world.signIn(name);
    const list = await visitor.get('/portal/apps');
    expect(list.text).not.toContain('Create new app');
    expect(list.text).toContain(whom);
    expect((await visitor.get('/portal/apps/new')).status).toBe(403);
    expect((await visitor.step('details', DETAILS)).status).toBe(403);
  });

  it('is up to the Home Office admin, account by account', async () => {
    const admin = await world.signIn('Home Office Admin');
    const page = await admin.get('/portal/enterprise');
    expect(page.text).not.toContain('Birch Financial');
    const path = /action="([^"]+)"[^]*?for <bdi>Harbor Planning/.exec(
      page.text.slice(page.text.indexOf('Harbor Planning')),
    )?.[1];
    await admin.send(path ?? '', { apps: 'on' });
    const owner = await world.signIn('Harbor Owner');
    expect((await owner.get('/portal/apps')).text).toContain('Create new app');
    expect((await owner.get('/portal/enterprise')).status).toBe(403);
    expect((await owner.send(path ?? '', { apps: 'off' })).status).toBe(403);
  });

  it('is nobody who is not signed in', async () => {
    for (const path of [
      '/portal/apps',
      '/portal/apps/new',
      '/portal/people',
      '/portal/enterprise',
    ]) {
      const response = await fetch(`${world.url}${path}`, { redirect: 'manual' });
      expect(response.headers.get('location')).toBe('/portal');
    }
  });
});
