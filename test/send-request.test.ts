import { getEventListeners } from 'node:events';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRemoteCall, type RemoteInit, type RemoteSend } from '../server/remote-call.ts';
import { RemoteError } from '../server/remote-error.ts';
import { sendRequest } from '../server/send-request.ts';
import { readZendeskForm } from '../server/zendesk/errors.ts';
import { exchangeCode } from '../server/zendesk/oauth.ts';
import { collectGarbage } from './support/collect-garbage.ts';
import {
  answerJson,
  closeAnswers,
  serveAnswer,
  transports,
} from './support/network/serve-answer.ts';
import { waitUntil } from './support/wait-until.ts';

afterEach(closeAnswers);

let send: RemoteSend = () => Promise.reject(new Error('No test is running.'));

function call(url: string, body?: unknown) {
  return createRemoteCall({ timeoutMs: 5_000, fetch: send, readForm: readZendeskForm })({
    operation: 'PostMessage',
    method: body === undefined ? 'GET' : 'POST',
    url,
    accessToken: 'token',
    body,
    answer: z.object({ id: z.string() }),
  });
}

describe.each(Object.keys(transports))('what is sent by %s', (transport) => {
  beforeAll(() => {
    send = transports[transport] ?? send;
  });

  it('fails when the answer breaks off', async () => {
    const { url } = await serveAnswer((response) => {
      response.writeHead(200, { 'Content-Length': 100 }).write('{"id":', () => response.destroy());
    });
    const failure = await call(url).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RemoteError);
    expect(failure).toMatchObject({ status: undefined });
  });

  it('reads an answer that comes in pieces, and one that begins with a byte order mark', async () => {
    const bytes = Buffer.from('\uFEFF{"id":"Grüße 🎉"}');
    const { url } = await serveAnswer((response) => {
      // In the middle of a character.
      response.write(bytes.subarray(0, 20), () =>
        setImmediate(() => response.end(bytes.subarray(20))),
      );
    });
    expect(await call(url)).toEqual({ id: 'Grüße 🎉' });
  });

  it('sends a form with a file as what it is', async () => {
    const { url, seen } = await answerJson(201, { id: '1' });
    const form = new FormData();
    form.set('source', new Blob(['words'], { type: 'text/plain' }), 'words.txt');
    expect(await call(url, form)).toEqual({ id: '1' });
    expect(seen[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(seen[0]?.body).toContain('filename="words.txt"');
  });

  it('says who asks', async () => {
    const { url, seen } = await answerJson(200, { id: '1' });
    await call(url);
    expect(seen[0]?.headers['user-agent']).toBe('node');
  });
});

describe('a request of text', () => {
  it('is not read further than any answer of an API goes', async () => {
    const piece = 'x'.repeat(1024 * 1024);
    let pieces = 0;
    const { url } = await serveAnswer((response) => {
      const writeOn = () => {
        while (!response.destroyed && ++pieces < 200) if (!response.write(piece)) return;
        response.end();
      };
      response.on('drain', writeOn);
      writeOn();
    });
    const answer = await sendRequest(url, { method: 'GET', headers: {} });
    await expect(answer.text()).rejects.toThrow('too long');
    expect(pieces).toBeLessThan(200);
  });

  it('is not sent once its time is over', async () => {
    const { url, seen } = await answerJson(200, {});
    const signal = AbortSignal.abort(new Error('Too late.'));
    await expect(sendRequest(url, { method: 'GET', headers: {}, signal })).rejects.toThrow(
      'Too late.',
    );
    expect(seen).toEqual([]);
  });

  it('is nothing to its signal any more once it was answered', async () => {
    const { url } = await answerJson(200, {});
    const { signal } = new AbortController();
    await (await sendRequest(url, { method: 'GET', headers: {}, signal })).text();
    await waitUntil('nobody listens', () => getEventListeners(signal, 'abort').length === 0);
  });
});

it('the exchange of a code is not kept until its time is over', async () => {
  const { url } = await answerJson(200, { access_token: 'token', token_type: 'bearer' });
  let signal: WeakRef<AbortSignal> | undefined;
  const bridge = {
    oauthUrl: url,
    client: { id: 'id', secret: 'secret' },
    redirectUri: '',
    headers: {},
    timeoutMs: 60_000,
    fetch: (_operation: string, to: string, init: RemoteInit) => {
      if (init.signal) signal = new WeakRef(init.signal);
      return sendRequest(to, init);
    },
  };
  expect(await exchangeCode(bridge, 'code')).toMatchObject({ access_token: 'token' });
  expect(signal).toBeDefined();
  await waitUntil('its signal is gone', () => {
    collectGarbage();
    return signal?.deref() === undefined;
  });
});
