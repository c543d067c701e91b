import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/start-sandbox.ts';

/** Percent-encoding that is no text. */
const BROKEN = '%E0%A4%A';
const FORM = 'application/x-www-form-urlencoded';
const ADMIN = '/accounts/acme/admin';

let sandbox: Sandbox;
let logged: string[];
beforeAll(async () => {
  logged = [];
  sandbox = await startSandbox({ port: 0, log: (line) => void logged.push(line) });
});
afterAll(async () => {
  await sandbox.close();
  expect(logged).toEqual([]);
});

const ask = (call: string, init: RequestInit = {}) => {
  const [method = '', path = ''] = call.split(' ');
  return fetch(sandbox.url + path, { method, ...init });
};

describe('a page whose address cannot be read', () => {
  it.each([
    `GET /assets/${BROKEN}`,
    `GET /accounts/${BROKEN}/messenger`,
    `GET /accounts/acme/messenger/chats/${BROKEN}`,
    `GET /accounts/acme/phone/${BROKEN}`,
    `POST /accounts/acme/phone/${BROKEN}/block`,
    `GET /accounts/acme/agent/conversations/${BROKEN}`,
    `GET ${ADMIN}/ai/ai-agents/ai-agents/marketplace-bots/${BROKEN}/remove`,
    `POST ${ADMIN}/customers/${BROKEN}/delete`,
    `POST /bots/${BROKEN}/unregister`,
    `POST /faults/${BROKEN}/disarm`,
    `GET /zoom/j/${BROKEN}`,
    `POST /zoom/apps/${BROKEN}/validate`,
    `GET /portal/apps/${BROKEN}`,
    `POST /portal/operator/people/${BROKEN}/reactivate`,
  ])('is a page that says so: %s', async (call) => {
    const answer = await ask(call);
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('The sandbox cannot read this address'),
    ]);
  });
});

describe('a form that cannot be read', () => {
  it.each([
    ['is too long', { 'Content-Type': FORM }, 'x'.repeat(200_000), 413],
    ['has too many fields', { 'Content-Type': FORM }, 'a&'.repeat(2_000), 413],
    ['is of an unknown charset', { 'Content-Type': `${FORM}; charset=x` }, 'a=b', 415],
    ['is packed in an unknown way', { 'Content-Type': FORM, 'Content-Encoding': 'x' }, 'a', 415],
  ])('because it %s is answered with a page', async (_why, headers, body, status) => {
    const answer = await ask('POST /faults', { headers, body });
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain('<h1>Refused</h1>');
  });
});

describe('a call that cannot be read is refused in the words of the service', () => {
  const zendesk = { errors: [{ code: 'bad_request', title: expect.any(String) }] };

  it.each([
    [`GET /legacy/v2/apps/x/users/${BROKEN}`, zendesk],
    [`GET /accounts/acme/sc/v2/apps/${BROKEN}`, zendesk],
    [`GET /accounts/${BROKEN}/sc/v2/apps/x`, zendesk],
    [`GET /attachments/${BROKEN}`, zendesk],
    [`GET /zoom/v2/meetings/${BROKEN}`, { code: 400, message: expect.any(String) }],
  ])('at %s', async (call, body) => {
    const answer = await ask(call);
    expect([answer.status, await answer.json()]).toEqual([400, body]);
  });

  it.each([
    ['/zoom/v2/users/me/meetings', 'application/json', { code: 413, message: expect.any(String) }],
    [
      '/zocks/oauth/token',
      FORM,
      { error: 'invalid_request', error_description: expect.any(String) },
    ],
  ])('at %s, where it is too long', async (path, type, body) => {
    const headers = { 'Content-Type': type };
    const answer = await ask(`POST ${path}`, { headers, body: `"${'x'.repeat(200_000)}"` });
    expect([answer.status, await answer.json()]).toEqual([413, body]);
  });
});
