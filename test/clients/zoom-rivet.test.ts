import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { startSandbox } from '../../sandbox/src/start-sandbox.ts';
import type { Sandbox } from '../../sandbox/src/start-sandbox.ts';
import { createBrowser } from '../support/browser/browser.ts';
import { findFreePort } from '../support/process/start-process.ts';
import { waitUntil } from '../support/wait-until.ts';

const APP = { clientId: 'rivet_app-1', clientSecret: 'rivet_secret-1' };
const SERVER_APP = { clientId: 'rivet_s2s-1', clientSecret: 'rivet_s2s-secret-1' };
const SECRET_TOKEN = 'a-secret-token-of-the-app';
const SCOPES = ['user:read', 'meeting:read', 'meeting:write'];

/** A call of the SDK. */
type Call = (given: object) => Promise<{ data: unknown; statusCode: number; trackingId?: string }>;
type Calls = Record<string, Call>;
interface General {
  installUrl: string;
  eventUrl: string;
  readToken: () => { accessToken: string; refreshToken: string };
  expire: () => void;
  users: Calls;
  meetings: Calls;
  removed: string[];
  close: () => void;
}
const isFunction = (value: unknown) => typeof value === 'function';
const Rivet = z.object({
  openGeneral: z.custom<(given: object) => Promise<General>>(isFunction),
  openServer: z.custom<(given: object) => Calls>(isFunction),
});
const file = pathToFileURL(join(inject('clientsFolder'), 'clients/zoom-rivet.js')).href;
const { openGeneral, openServer } = Rivet.parse(await import(/* @vite-ignore */ file));

const Meeting = z.looseObject({ id: z.number(), topic: z.string() });

function call(calls: Calls, name: string, given: object = {}) {
  const one = calls[name];
  if (one === undefined) throw new Error(`The SDK has no ${name}`);
  return one(given);
}

describe('@zoom/rivet', () => {
  let sandbox: Sandbox;
  let app: General;

  beforeEach(async () => {
    sandbox = await startSandbox({ port: 0, timeScale: 0.0005 });
    const redirectUri = `http://localhost:${await findFreePort()}/callback`;
    app = await openGeneral({
      ...APP,
      url: sandbox.url,
      redirectUri,
      secretToken: SECRET_TOKEN,
    });
    const general = { name: 'Rivet', redirectUris: [redirectUri], scopes: SCOPES };
    const events = { eventUrl: app.eventUrl, secretToken: SECRET_TOKEN };
    sandbox.registerZoomApp({ ...APP, ...general, ...events });
  });

  afterEach(async () => {
    app.close();
    await sandbox.close();
  });

  const owner = () => sandbox.control.zoom.users[0]?.id ?? '';

  async function install(decision: 'allow' | 'deny' = 'allow') {
    const browser = createBrowser();
    const asked = browser.location(await browser.get(app.installUrl));
    expect(asked).toMatch(/^https:\/\/zoom\.us\/oauth\/authorize\?/);
    const consent = await browser.open(asked.replace('https://zoom.us', `${sandbox.url}/zoom`));
    const sent = await browser.fillIn(consent, '/oauth/authorize', { user: owner(), decision });
    return browser.open(browser.location(sent));
  }

  it('is installed, and knows who the user is', async () => {
    expect((await install()).text).toContain('has been successfully authorized');
    const { data } = await call(app.users, 'getUser', { path: { userId: 'me' } });
    expect(data).toMatchObject({ id: owner() });
  });

  it('says that it was denied', async () => {
    expect((await install('deny')).status).toBe(500);
    expect(app.readToken()).toBeUndefined();
  });

  it('renews its tokens when they are about to expire', async () => {
    await install();
    const before = app.readToken();
    app.expire();
    await call(app.users, 'getUser', { path: { userId: 'me' } });
    const after = app.readToken();
    expect(after.accessToken).not.toBe(before.accessToken);
    expect(after.refreshToken).not.toBe(before.refreshToken);
    app.expire();
    sandbox.control.zoom.killRefreshToken(owner());
    const again = call(app.users, 'getUser', { path: { userId: 'me' } });
    await expect(again).rejects.toThrow('Failed to refresh OAuth token');
  });

  it('creates, lists, changes and deletes meetings, and reads their invitation', async () => {
    await install();
    const userId = 'me';
    const { meetings } = app;
    const body = { topic: 'Fitting', type: 2, start_time: '2030-01-31T09:30:00Z' };
    const made = await call(meetings, 'createMeeting', { path: { userId }, body });
    expect(made).toMatchObject({ statusCode: 201, trackingId: expect.any(String) });
    const { id: meetingId } = Meeting.parse(made.data);
    const path = { meetingId };

    await call(meetings, 'updateMeeting', { path, body: { topic: 'Fitting two' } });
    expect((await call(meetings, 'getMeeting', { path })).data).toMatchObject({
      topic: 'Fitting two',
    });
    const query = { type: 'upcoming', page_size: 10 };
    const list = await call(meetings, 'listMeetings', { path: { userId }, query });
    expect(list.data).toMatchObject({ total_records: 1, meetings: [{ id: meetingId }] });
    const { data } = await call(meetings, 'getMeetingInvitation', { path });
    expect(data).toMatchObject({ invitation: expect.stringContaining('Topic: Fitting two') });

    expect((await call(meetings, 'deleteMeeting', { path })).statusCode).toBe(204);
    await expect(call(meetings, 'getMeeting', { path })).rejects.toThrow(
      `[404/3001]: "Meeting does not exist: ${meetingId}."`,
    );
  });

  it('proves its address and hears that a user has removed it', async () => {
    await install();
    expect(await sandbox.control.zoom.validateEventUrl(APP.clientId)).toBe(true);
    sandbox.control.zoom.deauthorize(owner());
    await waitUntil('the event came', () => app.removed[0]);
    expect(app.removed).toEqual([owner()]);
    const refused = call(app.users, 'getUser', { path: { userId: 'me' } });
    await expect(refused).rejects.toThrow('[401/124]');
  });

  it('works for an account with Server-to-Server OAuth, within its scopes', async () => {
    const accountId = sandbox.zoomAccountId;
    const scopes = ['meeting:write:meeting:admin'];
    sandbox.registerZoomServerApp({ ...SERVER_APP, accountId, name: 'Server', scopes });
    const meetings = openServer({ ...SERVER_APP, accountId, url: sandbox.url });
    const path = { userId: owner() };
    const made = await call(meetings, 'createMeeting', { path, body: { topic: 'Fitting' } });
    expect(made.data).toMatchObject({ topic: 'Fitting', host_id: owner() });
    await expect(call(meetings, 'listMeetings', { path })).rejects.toThrow(
      'does not contain scopes:[meeting:read:list_meetings, meeting:read:list_meetings:admin]',
    );
  });
});
