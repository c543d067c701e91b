import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RequestListener } from 'node:http';
import { createTracer, traceCall } from '../../../server/features/timeline/tracer.ts';
import type { RemoteInit } from '../../../server/remote-call.ts';
import { sendRequest, type RemoteAnswer } from '../../../server/send-request.ts';
import { serve } from '../../support/network/serve.ts';

/** Both ways in which calls leave. */
const transports = { fetch, sendRequest };
let send: (url: string, init: RemoteInit) => Promise<RemoteAnswer>;

const tracer = createTracer({ now: Date.now });
const headers = { Authorization: 'Bearer secret-token' };

/** The request with the given operation's name, sent. */
function call(
  operation: string,
  url: string,
  changes: Pick<RequestInit, 'redirect' | 'signal'> = {},
) {
  const init = { ...changes, method: 'GET', headers };
  return traceCall({ tracer, now: Date.now }, { service: 'zendesk', operation, url, init }, () =>
    send(url, init),
  );
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});
async function serveHere(handle: RequestListener): Promise<string> {
  const { url, close } = await serve(handle);
  closers.push(close);
  return url;
}

describe.each(['fetch', 'sendRequest'] as const)('a call by %s that is traced', (transport) => {
  beforeAll(() => {
    send = transports[transport];
  });

  it('leaves the answer for whoever asked, and its description in the trace', async () => {
    const url = await serveHere((_request, response) => response.writeHead(201).end('{"a":1}'));
    await tracer.run(async () => {
      const response = await call('PostMessage', url);
      expect(JSON.parse(await response.text())).toEqual({ a: 1 });
      expect(tracer.steps()).toMatchObject([
        { key: 'PostMessage', call: { status: 201, responseBody: { text: '{"a":1}' } } },
      ]);
      expect(JSON.stringify(tracer.steps())).not.toContain('secret-token');
    });
  });

  it('stands in the trace from its beginning, and as unanswered when it fails', async () => {
    const url = await serveHere((request) => request.socket.destroy());
    await tracer.run(async () => {
      const answer = call('GetTokenInfo', url);
      expect(tracer.steps()).toMatchObject([{ key: 'GetTokenInfo', call: null }]);
      await expect(answer).rejects.toThrow(/fetch failed|hang up/);
      expect(tracer.steps()).toMatchObject([{ call: { status: null, responseBody: null } }]);
    });
  });

  it('fails when the answer never ends, of which the trace keeps the status', async () => {
    const url = await serveHere((_request, response) => response.writeHead(200).write('{'));
    await tracer.run(async () => {
      const answer = call('GetTokenInfo', url, { signal: AbortSignal.timeout(100) });
      await expect(answer).rejects.toThrow(/abort|timeout/i);
      expect(tracer.steps()).toMatchObject([{ call: { status: 200, responseBody: null } }]);
    });
  });

  it.each([204, 302, 304])('passes on an answer without a body: %i', async (status) => {
    const url = await serveHere((_request, response) => response.writeHead(status).end());
    await tracer.run(async () => {
      const response = await call('RevokeAccess', url, { redirect: 'manual' });
      expect(response.status).toBe(status);
      expect(await response.text()).toBe('');
    });
  });
});
