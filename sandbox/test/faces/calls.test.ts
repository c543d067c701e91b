import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exchange as sendBytes } from '../../../test/fuzz/support/exchange.ts';
import { checkHar } from '../../../test/support/openapi/check-har.ts';
import { descriptionIsAvailable } from '../../../test/support/openapi/description.ts';
import { CLIENT_ID, CLIENT_SECRET, startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({ record: false });
});
afterEach(() => world.close());

const download = async () => {
  const answer = await fetch(`${world.url}/calls/calls.har`);
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename=calls.har');
  return answer.text();
};

async function exchange(code: string): Promise<Response> {
  return fetch(`${world.url}/sc/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
    }),
  });
}

describe('the calls that bots made', () => {
  it('are shown on a page, and downloaded as a HAR file', async () => {
    const bot = world.install();
    await bot.call('POST', '/users', { externalId: 'jane' });
    const page = await (await fetch(`${world.url}/calls`)).text();
    expect(page).toContain('Download all 1 as a HAR file');
    expect(page).toContain('<td>CreateUser</td>');
    const { log } = JSON.parse(await download());
    expect(log).toMatchObject({ version: '1.2', creator: { name: 'Zendesk sandbox' } });
    expect(log.entries).toMatchObject([
      {
        request: {
          method: 'POST',
          url: `${world.url}${bot.host}/v2/apps/${bot.appId}/users`,
          postData: { mimeType: 'application/json', text: '{"externalId":"jane"}' },
        },
        response: { status: 201, statusText: 'Created', content: { mimeType: 'application/json' } },
        timings: { send: 0, receive: 0 },
      },
    ]);
    expect(Date.parse(log.entries[0].startedDateTime)).toBeGreaterThan(Date.now() - 60_000);
  });

  it('have no token, secret or code in the file', async () => {
    const bot = world.installListening();
    await bot.call('GET', '/integrations/me/webhooks');
    await exchange('a-code-to-spend');
    const misplaced = new URLSearchParams({
      code: 'a-code-to-spend',
      client_secret: CLIENT_SECRET,
    });
    await fetch(`${world.url}/sc/oauth/token?${misplaced.toString()}`, { method: 'POST' });
    const bare = { Authorization: bot.token };
    await fetch(`${world.url}/sc/v2/tokenInfo`, { headers: bare });
    const har = await download();
    for (const secret of [bot.token, bot.webhook.secret, CLIENT_SECRET, 'a-code-to-spend'])
      expect(har).not.toContain(secret);
    expect(har).toContain('Bearer ***');
    // What is no secret stays: why a call was refused.
    expect(har).toContain('\\"code\\":\\"bad_request\\"');
  });

  it('are as they were sent, also where a code is missing', async () => {
    const url = `${world.url}/sc/oauth/token`;
    await fetch(url, { method: 'POST', body: new URLSearchParams({ client_id: CLIENT_ID }) });
    await fetch(url, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: '{}' });
    const { log } = JSON.parse(await download());
    expect(log.entries[0].request.postData.text).toBe(`{"client_id":"${CLIENT_ID}"}`);
    expect(log.entries[1].request.postData).toBeUndefined();
  });

  it('have of an uploaded file only how large it is', async () => {
    const { token, host, appId } = world.install();
    const body = new FormData();
    body.set('source', new Blob(['a file '.repeat(1_000)]), 'file.txt');
    const headers = { Authorization: `Bearer ${token}` };
    const path = `${host}/v2/apps/${appId}/attachments?access=public`;
    await fetch(`${world.url}${path}`, { method: 'POST', headers, body });
    const { log } = JSON.parse(await download());
    expect(log.entries[0].request.postData).toEqual({
      mimeType: expect.stringMatching(/^multipart\/form-data; boundary=/),
      text: expect.stringMatching(/^\(7\d{3} bytes\)$/),
    });
    expect(JSON.stringify(world.control.calls).length).toBeLessThan(7_000);
  });

  it('that were never answered have no status', async () => {
    world.control.armFault({ kind: 'dropAnswer', operation: 'CreateUser' });
    await world
      .install()
      .call('POST', '/users', { externalId: 'x' })
      .catch(() => {});
    const { log } = JSON.parse(await download());
    expect(log.entries[0].response.status).toBe(0);
  });

  it('are kept up to a thousand', async () => {
    const { token } = world.install();
    const { host, port } = new URL(world.url);
    const ask = `GET /sc/v2/tokenInfo HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n`;
    // On one connection, one behind the other: as many by themselves would take a second.
    const all = `${`${ask}\r\n`.repeat(1_009)}${ask}Connection: close\r\n\r\n`;
    const { statuses } = await sendBytes(Number(port), [all]);
    expect(statuses).toEqual(Array(1_010).fill(200));
    expect(world.control.calls).toHaveLength(1_000);
  });
});

describe.runIf(descriptionIsAvailable)('a HAR file held against the API description', () => {
  async function record() {
    const bot = world.install();
    await bot.call('POST', '/users', { externalId: 'jane' });
    await exchange('nothing');
    return JSON.parse(await download());
  }

  it('fits when the calls were right', async () => {
    expect(checkHar(await record())).toEqual({ calls: 2, faults: [] });
  });

  it('is read wherever the API was called, and passes over what is no call of it', async () => {
    const har = await record();
    const [call] = har.log.entries;
    call.request.url = 'https://acme.zendesk.com/sc/v2/apps/5/users';
    har.log.entries.push({ ...call, request: { method: 'GET', url: 'https://example.com/users' } });
    expect(checkHar(har)).toEqual({ calls: 2, faults: [] });
  });

  it('names each call that does not fit', async () => {
    const har = await record();
    const [call] = har.log.entries;
    call.request.postData.text = '{"externalId":"jane","nickname":"J"}';
    const { faults } = checkHar(har);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/CreateUser \(POST .*\): request does not fit[^]*nickname/);
    expect(() => checkHar({})).toThrow('log');
  });
});
