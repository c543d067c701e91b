import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { openServer } from '../src/web/open-server.ts';

const SHORT = { requestTimeout: 200, headersTimeout: 200, connectionsCheckingInterval: 20 };

async function exchange(port: number, sent: string): Promise<string> {
  const socket = connect(port, 'localhost');
  socket.write(sent);
  return await text(socket);
}

it.each([
  ['a body', 'POST /faults HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nkind=a'],
  ['a head', 'GET / HTTP/1.1\r\nHost: a\r\n'],
])('the sandbox lets go of a client whose request lacks %s', async (_part, sent) => {
  const opened = await openServer(0, 'localhost', SHORT);
  opened.answer((request) => request.resume());
  const answer = await exchange(Number(new URL(opened.url).port), sent);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  await opened.close();
});

it('the sandbox has as much patience as the app', async () => {
  const opened = await openServer(0, 'localhost');
  const { requestTimeout, headersTimeout } = opened.server;
  expect([requestTimeout, headersTimeout]).toEqual([30_000, 30_000]);
  await opened.close();
});

it('the sandbox answers whoever asked while it read what it keeps', async () => {
  const opened = await openServer(0, 'localhost');
  const asked = once(opened.server, 'request');
  const answer = fetch(opened.url);
  await asked;
  opened.answer((_request, response) => response.end('It is read.'));
  expect(await (await answer).text()).toBe('It is read.');
  await opened.close();
});
