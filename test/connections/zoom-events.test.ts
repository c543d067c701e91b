import { createHmac } from 'node:crypto';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createReceiveZoomEvents } from '../../server/connections/receive-zoom-events.ts';
import { serve } from '../support/serve.ts';
import { ZOOM_SECRET_TOKEN } from '../support/start-shop.ts';
import { openAccount, ZOOM_APP, type Account } from './support/open-account.ts';

let account: Account;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.close());

const clientId = ZOOM_APP.clientId;
const nowInSeconds = () => Math.floor(Date.now() / 1000);

/** Posts these very bytes, signed as Zoom would unless told otherwise. */
async function post(body: string, headers: Record<string, string> = {}, stamp = nowInSeconds()) {
  const signature = createHmac('sha256', ZOOM_SECRET_TOKEN).update(`v0:${stamp}:${body}`);
  return fetch(`${account.shop.url}/zoom/events`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'x-zm-request-timestamp': String(stamp),
      'x-zm-signature': `v0=${signature.digest('hex')}`,
      ...headers,
    },
    body,
  });
}

const validation = (plainToken: string) =>
  JSON.stringify({ event: 'endpoint.url_validation', payload: { plainToken } });

describe('POST /zoom/events', () => {
  it('proves to Zoom that the address is ours', async () => {
    expect(await account.zoom.validateEventUrl(clientId)).toBe(true);
  });

  it('signs over the bytes as they came, not over the JSON as we would write it', async () => {
    const answer = await post('{ "event" :"anything",\n"payload":{"name":"\\u00e9" }}');
    expect(answer.status).toBe(200);
  });

  it.each([
    ['no signature', { 'x-zm-signature': '' }],
    ['another signature', { 'x-zm-signature': `v0=${'0'.repeat(64)}` }],
    ['a signature that is cut off', { 'x-zm-signature': 'v0=' }],
    ['no timestamp', { 'x-zm-request-timestamp': '' }],
    ['another timestamp', { 'x-zm-request-timestamp': String(nowInSeconds() - 1) }],
    ['a timestamp that is no number', { 'x-zm-request-timestamp': '1e9' }],
  ])('answers 401 to %s', async (_case, headers) => {
    const answer = await post(validation('token'), headers);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain('encryptedToken');
  });

  it.each([
    ['four minutes ago, in seconds', -240, 1, 200],
    ['four minutes ago, in milliseconds', -240, 1_000, 200],
    ['six minutes ago, in seconds', -360, 1, 401],
    ['six minutes ago, in milliseconds', -360, 1_000, 401],
    ['in six minutes', 360, 1, 401],
  ])('takes a timestamp of %s as it should', async (_case, offset, unit, status) => {
    const stamp = (nowInSeconds() + offset) * unit;
    expect((await post('{"event":"anything"}', {}, stamp)).status).toBe(status);
  });

  it.each([
    ['could be signed as an event', `v0:${nowInSeconds()}:{"event":"app_deauthorized"}`],
    ['is longer than Zoom’s', 'x'.repeat(129)],
    ['is empty', ''],
  ])('signs no text that %s', async (_case, plainToken) => {
    const answer = await post(validation(plainToken));
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toContain('encryptedToken');
  });

  it.each([
    ['no JSON', 'not json'],
    ['no event', '{}'],
    ['a deauthorization of nobody', '{"event":"app_deauthorized","payload":{}}'],
  ])('answers 400 to %s, although it is signed', async (_case, body) => {
    expect((await post(body)).status).toBe(400);
  });

  it('refuses everything while no secret token is configured', async () => {
    const forgetUser = vi.fn();
    const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const options = { secretToken: undefined, forgetUser, now: Date.now, log };
    const app = express().post(
      '/',
      express.raw({ type: () => true }),
      createReceiveZoomEvents(options),
    );
    const place = await serve(app);
    const body = '{"event":"app_deauthorized","payload":{}}';
    const stamp = String(nowInSeconds());
    const signature = createHmac('sha256', '').update(`v0:${stamp}:${body}`).digest('hex');
    const headers = { 'x-zm-request-timestamp': stamp, 'x-zm-signature': `v0=${signature}` };
    expect((await fetch(place.url, { method: 'POST', headers, body })).status).toBe(401);
    expect(forgetUser).not.toHaveBeenCalled();
    place.close();
  });
});
