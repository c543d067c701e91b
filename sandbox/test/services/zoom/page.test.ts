import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../../../test/support/browser/browser.ts';
import { APP, SERVER_APP, startZoom } from './support/start-zoom.ts';
import type { ZoomWorld } from './support/start-zoom.ts';

describe('the Zoom page', () => {
  let world: ZoomWorld;
  let visitor: ReturnType<typeof createBrowser>;

  beforeEach(async () => {
    world = await startZoom();
    visitor = createBrowser(world.url);
  });

  afterEach(() => world.close());

  it('is linked from the front page and shows credentials to paste', async () => {
    expect((await visitor.get('/')).text).toContain('href="/zoom"');
    const { text: html } = await visitor.get('/zoom');
    const values = [...Object.values(APP), ...Object.values(SERVER_APP), world.zoomAccountId];
    for (const value of values) expect(html).toContain(`data-copy="${value}"`);
  });

  it('removes an app for a user, and the app hears of it', async () => {
    const { access_token: token } = await world.connect();
    const { text: html } = await visitor.get('/zoom');
    const path = /action="(\/zoom\/apps\/[\w-]+\/users\/[\w-]+\/remove)"/.exec(html)?.[1] ?? '';
    expect((await visitor.send(path)).text).toContain('Nobody has allowed it yet');
    await world.zoom.settled();
    expect(world.receiver.received).toHaveLength(1);
    expect((await world.api(token, 'GET', '/users/me')).status).toBe(401);
    expect((await visitor.send(path)).status).toBe(404);
  });

  it('deactivates an app and activates it again', async () => {
    const path = `/zoom/apps/${SERVER_APP.clientId}/active`;
    expect((await visitor.send(path, { active: 'off' })).text).toContain('Deactivated');
    expect((await world.requestServerToken()).status).toBe(400);
    expect((await visitor.send(path, { active: 'on' })).text).not.toContain('Deactivated');
    expect((await world.requestServerToken()).status).toBe(200);
  });

  it('keeps an app deactivated when it is registered again', async () => {
    world.zoom.setActive(SERVER_APP.clientId, false);
    const { zoomAccountId: accountId } = world;
    world.registerZoomServerApp({ ...SERVER_APP, accountId, name: 'Again', scopes: [] });
    expect((await world.requestServerToken()).status).toBe(400);
  });

  it('puts a user near the day’s limit', async () => {
    const fields = { user: world.owner.id, count: '99' };
    expect((await visitor.send('/zoom/meetings-today', fields)).text).toContain('99 of 100');
    const { access_token: token } = await world.connect();
    await world.createMeeting(token);
    expect((await world.api(token, 'POST', '/users/me/meetings', {})).status).toBe(429);
  });

  it('says that changing a meeting counts, too, as it does', async () => {
    world.zoom.setScopes(APP.clientId, ['meeting:write']);
    const { access_token: token } = await world.connect();
    const { id } = await world.createMeeting(token);
    expect((await world.api(token, 'PATCH', `/meetings/${id}`, {})).status).toBe(204);
    const { text } = await visitor.get('/zoom');
    expect(text).toContain('2 of 100');
    expect(text).toContain('A user can make and change 100 meetings a day');
  });

  it('lists the meetings of today, whose links lead to a page', async () => {
    const { access_token: token } = await world.connect();
    const { id, join_url } = await world.createMeeting(token, { topic: '<Fitting>' });
    expect((await visitor.get('/zoom')).text).toContain('&lt;Fitting&gt;');
    expect((await visitor.get(join_url.replace(world.url, ''))).text).toContain('Zoom Owner');
    expect((await visitor.get(`/zoom/s/${id}`)).status).toBe(200);
    expect((await visitor.get('/zoom/j/1')).status).toBe(404);
  });

  it('says whether the event URL proved what it has to', async () => {
    const validate = () => visitor.send(`/zoom/apps/${APP.clientId}/validate`);
    expect((await validate()).text).toContain('The event URL proved');
    world.receiver.settings.zoomSecret = 'another';
    expect((await validate()).text).toContain('did not prove');
  });

  it.each([
    ['/zoom/meetings-today', { user: 'nobody', count: '1' }, 400],
    ['/zoom/meetings-today', { count: '101' }, 400],
    [`/zoom/apps/${APP.clientId}/active`, { active: 'perhaps' }, 400],
    ['/zoom/apps/no-app_1/active', { active: 'on' }, 404],
  ])('refuses %s with %o', async (path, fields, status) => {
    expect((await visitor.send(path, { ...fields })).status).toBe(status);
  });

  it('refuses a form that another site made the browser send', async () => {
    const response = await fetch(`${world.url}/zoom/apps/${SERVER_APP.clientId}/active`, {
      method: 'POST',
      headers: { Origin: 'https://elsewhere.example' },
      body: new URLSearchParams({ active: 'off' }),
    });
    expect(response.status).toBe(403);
    expect((await world.requestServerToken()).status).toBe(200);
  });
});

describe('what Zoom knows', () => {
  it('survives a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-zoom-'));
    const snapshotFile = join(folder, 'sandbox.json');
    const before = await startZoom({ snapshotFile });
    const { access_token: token } = await before.connect();
    await before.createMeeting(token);
    const kept = {
      apps: before.zoom.apps().map(({ clientId }) => clientId),
      grants: before.zoom.grants(),
      meetings: before.zoom.meetings().map(({ id }) => id),
    };
    before.zoom.fillMeetingsToday(100);
    await before.close();
    const after = await startZoom({ snapshotFile });
    expect({
      apps: after.zoom.apps().map(({ clientId }) => clientId),
      grants: after.zoom.grants(),
      meetings: after.zoom.meetings().map(({ id }) => id),
    }).toEqual(kept);
    expect((await after.api(token, 'POST', '/users/me/meetings', {})).status).toBe(429);
    await after.close();
    await rm(folder, { recursive: true });
  });
});
