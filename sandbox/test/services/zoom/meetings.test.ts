import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startZoom } from './support/start-zoom.ts';
import type { ZoomWorld } from './support/start-zoom.ts';

const START = '2030-01-31T09:30:00Z';

describe('meetings in Zoom', () => {
  let world: ZoomWorld;
  let token: string;
  let serverToken: string;

  beforeEach(async () => {
    world = await startZoom();
    token = (await world.connect()).access_token;
    serverToken = (await world.connectServer()).access_token;
  });

  afterEach(async () => {
    vi.useRealTimers();
    await world.close();
  });

  it('creates a scheduled meeting with a link to join and one to start', async () => {
    const asked = { topic: 'Fitting', type: 2, start_time: START, duration: 30 };
    const { status, body } = await world.api(token, 'POST', '/users/me/meetings', asked);
    expect(status).toBe(201);
    const [meeting] = world.zoom.meetings();
    expect(body).toEqual(meeting);
    expect(meeting).toMatchObject({ ...asked, host_id: world.owner.id, timezone: 'UTC' });
    expect(meeting?.id).toBeGreaterThan(2 ** 32);
    expect(meeting?.join_url).toMatch(`${world.url}/zoom/j/${meeting?.id}?pwd=`);
    expect(meeting?.start_url).toContain('zak=');
  });

  it.each([
    ['2030-07-01T09:30:00', 'America/New_York', '2030-07-01T13:30:00Z'],
    // The clocks were put forward, or back, an hour or two before.
    ['2030-03-10T03:30:00', 'America/New_York', '2030-03-10T07:30:00Z'],
    ['2030-11-03T03:30:00', 'America/New_York', '2030-11-03T08:30:00Z'],
    // And here an hour after.
    ['2030-03-31T01:30:00', 'Europe/Berlin', '2030-03-31T00:30:00Z'],
  ])('reads the start %s on the clock of %s', async (start, timezone, utc) => {
    const asked = { start_time: start, timezone };
    const { body } = await world.api(token, 'POST', '/users/me/meetings', asked);
    expect(body).toMatchObject({ start_time: utc, timezone });
  });

  it.each([
    ['start_time', '31 January'],
    ['start_time', '2030-13-31T09:30:00Z'],
    ['start_time', '2030-02-30T09:30:00Z'],
    ['start_time', '0001-01-01T00:00:00Z'],
    ['timezone', 'Atlantis'],
    ['type', 4],
    ['duration', 0],
    ['topic', 'x'.repeat(201)],
  ])('names the field when %s is %j', async (field, value) => {
    const asked = { [field]: value };
    const { status, body } = await world.api(token, 'POST', '/users/me/meetings', asked);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 300, errors: [{ field }] });
    expect(world.zoom.meetings()).toEqual([]);
  });

  it('shows a meeting to its host and to nobody else', async () => {
    const { id } = await world.createMeeting(token);
    expect((await world.api(token, 'GET', `/meetings/${id}`)).body).toMatchObject({ id });
    const stranger = await world.connect({ user: world.admin.id });
    const refused = await world.api(stranger.access_token, 'GET', `/meetings/${id}`);
    expect([refused.status, refused.body]).toEqual([
      404,
      { code: 3001, message: `Meeting does not exist: ${id}.` },
    ]);
  });

  it('allows a user a hundred meetings a day and says until when no more', async () => {
    world.zoom.fillMeetingsToday(99);
    await world.createMeeting(token);
    const { status, headers, body } = await world.api(token, 'POST', '/users/me/meetings', {});
    expect(status).toBe(429);
    expect(body).toMatchObject({ code: 429, message: expect.stringContaining('(100)') });
    expect(headers.get('x-ratelimit-type')).toBe('Daily-limit');
    expect(headers.get('x-ratelimit-remaining')).toBe('0');
    const until = headers.get('retry-after') ?? '';
    expect(until).toMatch(/^\d{4}-\d\d-\d\dT00:00:00Z$/);
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(until) });
    const fresh = await world.connect();
    expect(await world.createMeeting(fresh.access_token)).toHaveProperty('join_url');
  });

  it('counts each user’s meetings apart', async () => {
    world.zoom.fillMeetingsToday(99);
    await world.createMeeting(token);
    const created = await world.api(serverToken, 'POST', `/users/${world.admin.id}/meetings`, {});
    expect(created.status).toBe(201);
  });
});
