import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startZoom } from './support/start-zoom.ts';
import type { ZoomWorld } from './support/start-zoom.ts';

describe('faults in Zoom', () => {
  let world: ZoomWorld;

  beforeEach(async () => {
    world = await startZoom();
  });

  afterEach(() => world.close());

  it('limit the second with a reset, and the day with a date to come back', async () => {
    const { access_token: token } = await world.connect();
    world.control.armFault({ kind: 'answer', operation: 'ZoomGetUser', status: 429 });
    const second = await world.api(token, 'GET', '/users/me');
    expect([second.status, second.body]).toMatchObject([429, { code: 429 }]);
    expect(Number(second.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000);
    expect(second.headers.get('retry-after')).toBeNull();
    const fault = {
      kind: 'answer',
      operation: 'ZoomGetUser',
      status: 429,
      retryAfter: 60,
    } as const;
    world.control.armFault(fault);
    const day = await world.api(token, 'GET', '/users/me');
    const wait = Date.parse(day.headers.get('retry-after') ?? '') - Date.now();
    expect(wait).toBeGreaterThan(55_000);
    expect(day.headers.get('x-ratelimit-type')).toBe('Daily-limit');
  });

  it('word a refused token request as Zoom does and wait in seconds', async () => {
    const fault = { kind: 'answer', operation: 'ZoomToken', status: 429, retryAfter: 3 } as const;
    world.control.armFault(fault);
    const response = await world.requestServerToken();
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '3']);
    expect(await response.json()).toHaveProperty('reason');
  });

  it('drop the answer after the meeting was made', async () => {
    const { access_token: token } = await world.connect();
    world.control.armFault({ kind: 'dropAnswer', operation: 'ZoomCreateMeeting' });
    const call = world.api(token, 'POST', '/users/me/meetings', {});
    await expect(call).rejects.toThrow('fetch failed');
    expect(world.zoom.meetings()).toHaveLength(1);
    expect(world.zoom.calls.at(-1)).toMatchObject({ operation: 'ZoomCreateMeeting', status: null });
  });

  it('answer with a page, or with 500 and a code', async () => {
    const { access_token: token } = await world.connect();
    world.control.armFault({ kind: 'answer', operation: 'ZoomGetUser', status: 500 });
    expect((await world.api(token, 'GET', '/users/me')).body).toMatchObject({ code: 500 });
    world.control.armFault({ kind: 'html', operation: 'ZoomToken' });
    const response = await world.requestServerToken();
    expect(response.headers.get('content-type')).toContain('text/html');
  });
});
