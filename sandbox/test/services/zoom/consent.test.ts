import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APP, SERVER_APP, startZoom } from './support/start-zoom.ts';
import type { ZoomWorld } from './support/start-zoom.ts';

describe('Zoom’s consent page', () => {
  let world: ZoomWorld;

  beforeEach(async () => {
    world = await startZoom();
  });

  afterEach(() => world.close());

  it('shows who asks for what and lets the user choose as whom', async () => {
    const query = new URLSearchParams({
      client_id: APP.clientId,
      response_type: 'code',
      redirect_uri: world.redirectUri,
      state: '"><script>',
    });
    const response = await fetch(`${world.url}/zoom/oauth/authorize?${query.toString()}`);
    const page = await response.text();
    for (const text of ['Meeting Bot', 'meeting:write:meeting', 'Zoom Owner', 'Zoom Member'])
      expect(page).toContain(text);
    expect(page).toContain('not Zoom<');
    expect(page).not.toContain('"><script>');
    expect(response.headers.get('content-security-policy')).toContain(world.receiver.url);
  });

  it('redirects with a code and the state, or with access_denied', async () => {
    const allowed = await world.decide({ state: 'a b&c' });
    const location = new URL(allowed.headers.get('location') ?? '');
    expect(location.searchParams.get('state')).toBe('a b&c');
    const denied = await world.decide({ decision: 'deny', state: 's' });
    const query = new URL(denied.headers.get('location') ?? '').searchParams;
    expect([query.get('error'), query.get('state'), query.get('code')]).toEqual([
      'access_denied',
      's',
      null,
    ]);
  });

  it.each([
    ['an unknown client', { client_id: 'no-body_1' }],
    ['a Server-to-Server app', { client_id: SERVER_APP.clientId }],
    ['a redirect URI that is only similar', { redirect_uri: 'http://localhost/callback/' }],
    ['another response type', { response_type: 'token' }],
    ['a scope the app has not registered', { scope: 'phone:read' }],
    ['an unknown user', { user: 'nobody' }],
    ['neither allow nor deny', { decision: 'perhaps' }],
  ])('shows a page and redirects nowhere for %s', async (_case, fields) => {
    const response = await world.decide(fields);
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
  });

  it('refuses a decision that another site made the browser send', async () => {
    const response = await fetch(`${world.url}/zoom/oauth/authorize`, {
      method: 'POST',
      headers: { Origin: 'https://elsewhere.example' },
      body: new URLSearchParams({ client_id: APP.clientId, decision: 'allow' }),
    });
    expect(response.status).toBe(403);
  });

  it('refuses to ask for an app that was deactivated', async () => {
    world.zoom.setActive(APP.clientId, false);
    expect((await world.decide()).status).toBe(400);
  });
});
