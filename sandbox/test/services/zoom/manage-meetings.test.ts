import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { APP, SERVER_APP, startZoom } from './support/start-zoom.ts';
import type { ZoomWorld } from './support/start-zoom.ts';

const START = '2030-01-31T09:30:00Z';
const PAST = '2020-01-31T09:30:00Z';
const bodyOf = (method: string) => (method === 'PATCH' ? { topic: 'Changed' } : undefined);
const List = z.object({
  meetings: z.array(z.looseObject({ topic: z.string() })),
  next_page_token: z.string(),
  total_records: z.number(),
});

describe('meetings that there are', () => {
  let world: ZoomWorld;
  /** Of the owner, who may do everything with their own. */
  let token: string;

  beforeEach(async () => {
    world = await startZoom();
    token = await allow(['meeting:write', 'meeting:read', 'user:read']);
  });

  afterEach(() => world.close());

  /** A user allows an app with these scopes; returns the access token. */
  async function allow(scopes: string[], user = world.owner.id): Promise<string> {
    world.zoom.setScopes(APP.clientId, scopes);
    return (await world.connect({ user })).access_token;
  }

  async function serve(scopes: string[]): Promise<string> {
    world.zoom.setScopes(SERVER_APP.clientId, scopes);
    return (await world.connectServer()).access_token;
  }

  async function list(query = '', by = token) {
    const { body } = await world.api(by, 'GET', `/users/me/meetings${query}`);
    return List.parse(body);
  }

  it('are listed page by page, of the user alone, without what lets somebody host them', async () => {
    for (const topic of ['One', 'Two', 'Three']) await world.createMeeting(token, { topic });
    const stranger = await allow(['meeting:write', 'meeting:read'], world.admin.id);
    await world.createMeeting(stranger, { topic: 'None of theirs' });
    token = await allow(['meeting:read']);
    const first = await list('?page_size=2');
    expect(first.meetings.map(({ topic }) => topic)).toEqual(['One', 'Two']);
    expect(first.total_records).toBe(3);
    const second = await list(`?page_size=2&next_page_token=${first.next_page_token}`);
    expect(second.meetings.map(({ topic }) => topic)).toEqual(['Three']);
    expect(second.next_page_token).toBe('');
    expect(Object.keys(first.meetings[0] ?? {}).toSorted()).toEqual([
      'created_at',
      'duration',
      'host_id',
      'id',
      'join_url',
      'timezone',
      'topic',
      'type',
      'uuid',
    ]);
  });

  it.each([
    ['scheduled', ['Past', 'Future', 'Whenever']],
    ['upcoming', ['Future', 'Whenever']],
    ['upcoming_meetings', ['Future', 'Whenever']],
    ['previous_meetings', ['Past']],
    ['live', []],
  ])('are listed by time: %s', async (type, topics) => {
    await world.createMeeting(token, { topic: 'Past', start_time: PAST });
    await world.createMeeting(token, { topic: 'Future', start_time: START });
    await world.createMeeting(token, { topic: 'Whenever', type: 3 });
    const { meetings } = await list(`?type=${type}`);
    expect(meetings.map(({ topic }) => topic)).toEqual(topics);
  });

  it('are changed in what is named, and nothing else', async () => {
    const asked = { topic: 'Fitting', start_time: START, timezone: 'Europe/Berlin', agenda: 'Hat' };
    const { id } = await world.createMeeting(token, { ...asked, settings: { waiting_room: true } });
    const before = world.zoom.meetings()[0];
    const changes = { topic: 'Fitting two', start_time: '2030-07-01T09:30:00', settings: { a: 1 } };
    const { status, body } = await world.api(token, 'PATCH', `/meetings/${id}`, changes);
    expect([status, body]).toEqual([204, undefined]);
    expect(world.zoom.meetings()).toEqual([
      {
        ...before,
        topic: 'Fitting two',
        // On the clock of the meeting's own time zone.
        start_time: '2030-07-01T07:30:00Z',
        settings: { waiting_room: true, a: 1 },
      },
    ]);
  });

  it('are not changed by what is wrong, which is named', async () => {
    const { id } = await world.createMeeting(token);
    const before = world.zoom.meetings();
    const { status, body } = await world.api(token, 'PATCH', `/meetings/${id}`, { duration: 0 });
    expect([status, body]).toMatchObject([400, { code: 300, errors: [{ field: 'duration' }] }]);
    expect(world.zoom.meetings()).toEqual(before);
  });

  it('are changed as often as the day’s hundred allow', async () => {
    const { id } = await world.createMeeting(token);
    world.zoom.fillMeetingsToday(99);
    const change = (topic: string) => world.api(token, 'PATCH', `/meetings/${id}`, { topic });
    expect((await change('The last')).status).toBe(204);
    expect(await change('One too many')).toMatchObject({ status: 429, body: { code: 429 } });
    expect(world.zoom.meetings()).toMatchObject([{ topic: 'The last' }]);
  });

  it('are deleted, once, and their links lead nowhere', async () => {
    const { id, join_url: joinUrl } = await world.createMeeting(token);
    expect((await world.api(token, 'DELETE', `/meetings/${id}`)).status).toBe(204);
    expect((await fetch(joinUrl)).status).toBe(404);
    expect(await world.api(token, 'DELETE', `/meetings/${id}`)).toMatchObject({
      status: 404,
      body: { code: 3001, message: `Meeting does not exist: ${id}.` },
    });
  });

  it('have an invitation with what a guest needs, and not the host’s link', async () => {
    const meeting = { topic: 'Fitting', start_time: START, timezone: 'Europe/Berlin' };
    const { id, join_url: joinUrl } = await world.createMeeting(token, meeting);
    const { status, body } = await world.api(token, 'GET', `/meetings/${id}/invitation`);
    expect(status).toBe(200);
    const { invitation } = z.object({ invitation: z.string() }).parse(body);
    for (const text of [
      'is inviting you to a scheduled Zoom meeting.',
      'Topic: Fitting\r\n',
      'Time: Jan 31, 2030',
      '10:30',
      'Europe/Berlin',
      `Join Zoom Meeting\r\n${joinUrl}\r\n`,
      `Meeting ID: ${String(id).replace(/^(\d{3})(\d{4})/, '$1 $2 ')}\r\n`,
      'Passcode: ',
    ])
      expect(invitation).toContain(text);
    expect(invitation).not.toContain('zak');
  });

  const CALLS = [
    ['GET', '/users/me/meetings', 'meeting:read:list_meetings', 'meeting:read'],
    ['GET', '/meetings/{id}', 'meeting:read:meeting', 'meeting:read'],
    ['PATCH', '/meetings/{id}', 'meeting:update:meeting', 'meeting:write'],
    ['DELETE', '/meetings/{id}', 'meeting:delete:meeting', 'meeting:write'],
    ['GET', '/meetings/{id}/invitation', 'meeting:read:invitation', 'meeting:read'],
  ] as const;

  it.each(CALLS)('%s %s needs %s, or the classic %s', async (method, path, granular, classic) => {
    const { id } = await world.createMeeting(token);
    const address = path.replace('{id}', String(id));
    const body = bodyOf(method);
    const others = CALLS.map(([, , other]) => other).filter((other) => other !== granular);
    const refused = await world.api(await allow(others), method, address, body);
    expect(refused).toMatchObject({
      status: 400,
      body: {
        code: 4711,
        message: `Invalid access token, does not contain scopes:[${granular}, ${granular}:admin].`,
      },
    });
    const expected = method === 'GET' ? 200 : 204;
    expect((await world.api(await allow([granular]), method, address, body)).status).toBe(expected);
    token = await allow(['meeting:write']);
    const again = method === 'DELETE' ? (await world.createMeeting(token)).id : id;
    const allowed = await allow([classic]);
    const next = path.replace('{id}', String(again));
    expect((await world.api(allowed, method, next, body)).status).toBe(expected);
  });

  it.each(CALLS.slice(1))(
    '%s %s reaches the meetings of others with :admin alone',
    async (method, path, granular) => {
      const { id } = await world.createMeeting(token);
      const address = path.replace('{id}', String(id));
      const stranger = await allow([granular], world.admin.id);
      expect(await world.api(stranger, method, address, bodyOf(method))).toMatchObject({
        status: 404,
        body: { code: 3001 },
      });
      const server = await serve([`${granular}:admin`]);
      expect((await world.api(server, method, address, bodyOf(method))).status).toBeLessThan(300);
    },
  );
});
