import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAccount, ZOOM_APP, ZOOM_SECRET_TOKEN, type Account } from '../support/open-account.ts';

let account: Account;
beforeAll(async () => {
  account = await openAccount();
});
afterAll(() => account.close());

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
  it('refuses JSON that is nested too deeply, and takes the same with less depth', async () => {
    const nest = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
    const send = (levels: number) => post(`{"event":"anything","x":${nest(levels)}}`);
    expect((await send(90)).status).toBe(200);
    expect((await send(110)).status).toBe(400);
  });

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
});

describe('before its body is read, an event', () => {
  const signed = { 'x-zm-signature': `v0=${'0'.repeat(64)}` };

  it.each([
    ['without a signature', { 'x-zm-signature': '' }],
    ['with a signature of another form', { 'x-zm-signature': 'v0=abc' }],
    ['without a time', { ...signed, 'x-zm-request-timestamp': '' }],
    ['of yesterday', { ...signed, 'x-zm-request-timestamp': String(nowInSeconds() - 86_400) }],
  ])('%s is refused', async (_name, headers) => {
    // A body too large for the route would be 413, if it were looked at.
    expect((await post('x'.repeat(100_000), headers)).status).toBe(401);
  });

  it('that could be signed may have 64 KB', async () => {
    const read = await post('x'.repeat(64 * 1024));
    expect(await read.json()).toEqual({ error: 'Not an event this app understands.' });
    const unread = await post('x'.repeat(64 * 1024 + 1));
    expect(unread.status).toBe(413);
  });

  it('is one of at most 120 in a minute', async () => {
    // With limits that nobody has drawn on.
    await account.shop.restart();
    const statuses = [];
    for (let n = 0; n < 121; n++) statuses.push((await post('', signed)).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(120);
    expect(statuses.at(-1)).toBe(429);
    await account.shop.restart();
  });

  it('that is signed is none of those: a user who left must not be missed', async () => {
    const statuses = new Set();
    for (let n = 0; n < 125; n++) statuses.add((await post('{"event":"anything"}')).status);
    expect([...statuses]).toEqual([200]);
  });
});
