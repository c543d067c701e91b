import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRemoteCall, Done, type RemoteSend } from '../server/remote-call.ts';
import { RemoteError } from '../server/remote-error.ts';
import { readZendeskForm } from '../server/zendesk/errors.ts';
import {
  answerJson,
  closeAnswers,
  serveAnswer,
  transports,
} from './support/network/serve-answer.ts';

afterEach(closeAnswers);

const TOKEN = 'very-secret-token';
const headers = { 'X-Zendesk-Marketplace-Name': 'Test shop' };

let untold: RemoteSend = () => Promise.reject(new Error('No test is running.'));
const createCall = (timeoutMs = 5_000) =>
  createRemoteCall({ headers, timeoutMs, fetch: untold, readForm: readZendeskForm });

function call(url: string, body?: unknown, timeoutMs = 5_000) {
  return createCall(timeoutMs)({
    operation: 'PostMessage',
    method: body === undefined ? 'GET' : 'POST',
    url,
    accessToken: TOKEN,
    ...(body === undefined ? {} : { body }),
    answer: z.object({ id: z.string() }),
  });
}

/** The error a call ends with; fails when it ends well, or with an error of another kind. */
async function failureOf(work: Promise<unknown>): Promise<RemoteError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RemoteError) return error;
  throw new Error('Expected a RemoteError', { cause: error });
}

describe.each(Object.keys(transports))('a call to another service by %s', (transport) => {
  beforeAll(() => {
    untold = transports[transport] ?? untold;
  });

  it('carries the token, the marketplace headers and the JSON body, and answers what was asked for', async () => {
    const { url, seen } = await answerJson(201, { id: '1', unknown: true });
    expect(await call(url, { text: 'Grüße 🎉' })).toEqual({ id: '1' });
    expect(seen[0]).toMatchObject({
      method: 'POST',
      body: JSON.stringify({ text: 'Grüße 🎉' }),
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
        accept: 'application/json',
        'x-zendesk-marketplace-name': 'Test shop',
      },
    });
  });

  it('that is refused fails with the status, code and title of the answer', async () => {
    const errors = [{ code: 'locked', title: 'Message limit of 30000 reached.' }, { code: 'b' }];
    const { url } = await answerJson(423, { errors });
    const error = await failureOf(call(url));
    expect(error).toMatchObject({ operation: 'PostMessage', status: 423, code: 'locked' });
    expect(error.message).toBe('PostMessage: status 423 (locked, Message limit of 30000 reached.)');
  });

  it.each([
    ['an HTML page', '<html>Bad gateway</html>'],
    ['nothing', ''],
    ['an empty list', '{"errors":[]}'],
    ['another shape', '{"error":"invalid_grant"}'],
    ['null', 'null'],
    ['a list of something else', '{"errors":[{}]}'],
    ['a list of text', '{"errors":["Forbidden"]}'],
    ['a proxy’s JSON', '{"message":"Forbidden"}'],
  ])('that is refused with %s has no answer, whatever the status', async (_name, body) => {
    for (const status of [400, 401, 403, 404, 410, 423, 502]) {
      const { url } = await serveAnswer((response) => response.writeHead(status).end(body));
      const error = await failureOf(call(url));
      expect(error).toMatchObject({ status: undefined, code: undefined });
      expect(error.isMisdirected).toBe(status === 404 || status === 410);
      expect(error.message).toBe(
        `PostMessage: no answer (status ${status} and no content type, not in the service’s form)`,
      );
    }
  });

  it.each([301, 302, 307, 308])(
    'does not follow a redirect (%i), so that nothing reaches another host',
    async (status) => {
      const elsewhere = await answerJson(200, { id: '1' });
      const { url } = await answerJson(status, {}, { Location: elsewhere.url });
      const error = await failureOf(call(url, { text: 'a' }));
      expect(error).toMatchObject({ status: undefined, isMisdirected: true });
      expect(elsewhere.seen).toEqual([]);
    },
  );

  it('gives up on a server that does not answer in time', async () => {
    const { url } = await serveAnswer(() => {});
    const error = await failureOf(call(url, undefined, 50));
    expect(error.status).toBeUndefined();
    expect(error.message).toBe('PostMessage: no answer (network error or time-out)');
  });

  it('gives up on an answer that never ends', async () => {
    const { url } = await serveAnswer((response) => response.writeHead(200).write('{"id":'));
    expect((await failureOf(call(url, undefined, 200))).message).toContain('no answer');
  });

  it('fails when the connection is dropped', async () => {
    const { url, seen } = await serveAnswer((_response, request) => request.socket.destroy());
    expect((await failureOf(call(url))).status).toBeUndefined();
    expect(seen[0]?.headers).not.toHaveProperty('content-type');
  });

  it.each([
    ['another shape', '{"id":1}'],
    ['a proxy’s page', '<html>Welcome</html>'],
    ['nothing', ''],
  ])('counts 200 with %s as no answer', async (_name, body) => {
    const { url } = await serveAnswer((response) => response.end(body));
    const error = await failureOf(call(url));
    expect(error.status).toBeUndefined();
    expect(error.message).toContain('status 200, unreadable');
  });

  it('tells an unknown host from a network that fails', async () => {
    const failing = (code: string) =>
      createRemoteCall({
        timeoutMs: 5_000,
        readForm: readZendeskForm,
        fetch: () =>
          Promise.reject(
            new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) }),
          ),
      })({
        operation: 'A',
        method: 'GET',
        url: 'https://a.example',
        accessToken: TOKEN,
        answer: Done,
      });
    expect(await failureOf(failing('ECONNREFUSED'))).toMatchObject({ isMisdirected: false });
    expect(await failureOf(failing('ENOTFOUND'))).toMatchObject({ isMisdirected: true });
    const unknown = await failureOf(call('http://nobody.invalid:1'));
    expect(unknown.message).toContain('no answer');
  });

  it.each([
    [200, '{}', true],
    [204, '', true],
    [201, '{"user":{"id":"1"}}', true],
    [200, '\n<!doctype html><p>Sign in', false],
    [200, 'Request blocked', false],
    [200, '{"message":"Forbidden"}', false],
  ])(
    'that says nothing more is done after any 2xx of the service’s own (%i, %j)',
    async (status, body, isDone) => {
      const { url } = await serveAnswer((response) => response.writeHead(status).end(body));
      const revoke = { operation: 'A', method: 'DELETE', accessToken: TOKEN, url } as const;
      const work = createCall()({ ...revoke, answer: Done });
      if (isDone) await work;
      else expect(await failureOf(work)).toMatchObject({ status: undefined });
    },
  );

  it('never shows the token or the body, whatever the error is turned into', async () => {
    const answers = [
      await answerJson(401, {
        errors: [{ code: 'unauthorized', title: 'Authorization is required' }],
      }),
      await answerJson(401, {
        errors: [{ code: `unknown_${TOKEN}`, title: `There is no token ${TOKEN}` }],
      }),
      await serveAnswer((_response, request) => request.socket.destroy()),
      await serveAnswer((response) => response.end('<html>')),
    ];
    for (const { url } of answers) {
      const error = await failureOf(call(url, { text: 'a private message' }));
      const shown = [error.message, String(error), error.stack, JSON.stringify(error)].join();
      expect(shown).not.toContain(TOKEN);
      expect(shown).not.toContain('a private message');
    }
  });
});
