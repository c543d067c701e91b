import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { REDIRECT_URI, startPortal, tokensSchema } from './support/start-portal.ts';
import type { Credentials, PortalWorld, Visitor } from './support/start-portal.ts';

describe('an app of the portal as an OAuth client', () => {
  let world: PortalWorld;
  let owner: Visitor;
  let app: Credentials;

  beforeEach(async () => {
    world = await startPortal();
    owner = await world.signIn('Zocks Owner');
    app = await world.createEnabledApp(owner);
  });

  afterEach(() => world.close());

  const setEnabled = (enabled: 'on' | 'off') =>
    owner.send(`/portal/apps/${app.clientId}/enabled`, { enabled });

  function consentPath(fields: Record<string, string> = {}): string {
    const query = new URLSearchParams({
      client_id: app.clientId,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      ...fields,
    });
    return `/zocks/oauth/authorize?${query.toString()}`;
  }

  it('is presented on the consent page, with whoever is signed in chosen', async () => {
    const { text: html } = await owner.get(consentPath());
    for (const text of [
      'src="https://pictures.example/logo.png"',
      '<bdi>Meeting Notes</bdi> would like access',
      'Notes where you need them.',
      'Puts the notes of your meetings into your tickets.',
      '<li dir="auto">Read notes</li>',
      'See your name, e-mail address and account.',
    ])
      expect(html).toContain(text);
    expect(html).toMatch(new RegExp(`value="${world.personId('Zocks Owner')}"[^>]*checked`));
    expect(html.match(/ checked/g)).toHaveLength(1);
  });

  it('echoes the state with the code', async () => {
    const answer = await world.allow(app.clientId, 'Zocks Adviser', { state: 'a b&c' });
    const { searchParams } = new URL(answer.headers.get('location') ?? '');
    expect(searchParams.get('state')).toBe('a b&c');
    expect(searchParams.get('code')).not.toBe(null);
  });

  it.each([
    ['an unknown client', { client_id: 'nobody' }, 'No application has this client id'],
    [
      'a redirect URI that differs by one sign',
      { redirect_uri: `${REDIRECT_URI}/` },
      `${REDIRECT_URI}/`,
    ],
    ['a redirect URI in other letters', { redirect_uri: 'http://LOCALHOST/callback' }, 'LOCALHOST'],
    ['a scope the app does not have', { scope: 'profile tasks.read' }, 'tasks.read'],
  ])('is refused with a page and no redirect for %s', async (_case, fields, text) => {
    const page = await owner.get(consentPath(fields));
    expect([page.status, page.headers.get('location')]).toEqual([400, null]);
    expect(page.text).toContain(text);
    const answer = await world.allow(app.clientId, 'Zocks Adviser', fields);
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });

  it('cannot be allowed by a person of another account', async () => {
    const answer = await world.allow(app.clientId, 'Birch Owner');
    expect([answer.status, answer.headers.get('location')]).toEqual([403, null]);
    expect(await answer.text()).toContain('not available in Birch Financial');
  });

  it('is not found at Zendesk, nor a bot of Zendesk here', async () => {
    const query = `client_id=${app.clientId}&response_type=code`;
    expect((await owner.get(`/sc/oauth/authorize?${query}`)).status).toBe(400);
  });

  it('rests while it is disabled', async () => {
    const tokens = await world.connect(app);
    const code = await world.obtainCode(app.clientId);
    await setEnabled('off');
    const page = await owner.get(consentPath());
    expect(page.status).toBe(400);
    expect(page.text).toContain('Meeting Notes is not enabled');
    expect(page.text).toContain('Owner or Admin of Example Advisers');
    expect((await world.allow(app.clientId)).status).toBe(400);
    const refused = await world.exchange(app, code);
    expect(await refused.json()).toMatchObject({ error: 'unauthorized_client' });
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    expect((await world.requestToken(app, refresh)).status).toBe(400);
    expect((await world.getMe(tokens.access_token)).status).toBe(403);

    await setEnabled('on');
    expect((await world.getMe(tokens.access_token)).status).toBe(200);
    expect((await world.requestToken(app, refresh)).status).toBe(200);
  });

  it('loses what a code gave when the code is used again', async () => {
    const code = await world.obtainCode(app.clientId);
    const tokens = tokensSchema.parse(await (await world.exchange(app, code)).json());
    const other = await world.connect(app);
    const again = await world.exchange(app, code);
    expect(await again.json()).toMatchObject({ error: 'invalid_grant' });
    expect((await world.getMe(tokens.access_token)).status).toBe(401);
    expect((await world.getMe(other.access_token)).status).toBe(200);
  });

  it('keeps what a code gave when another client tries the code', async () => {
    const other = await world.createEnabledApp(owner);
    const code = await world.obtainCode(app.clientId);
    const tokens = tokensSchema.parse(await (await world.exchange(app, code)).json());
    expect((await world.exchange(other, code)).status).toBe(400);
    expect((await world.getMe(tokens.access_token)).status).toBe(200);
  });

  it('gets nothing for a code after five minutes', async () => {
    const code = await world.obtainCode(app.clientId);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5 * 60_000 });
    const late = await world.exchange(app, code).finally(() => vi.useRealTimers());
    expect(await late.json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('gets only the scopes it still has when the code is exchanged', async () => {
    const code = await world.obtainCode(app.clientId);
    await owner.send(`/portal/apps/${app.clientId}/manage/scopes`, { scope: 'tasks.read' });
    expect(await (await world.exchange(app, code)).json()).toMatchObject({ scope: '' });
  });
});
