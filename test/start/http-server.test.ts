import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { messageOf } from '../../server/errors.ts';
import { explainListening, listen } from '../../server/start/http-server.ts';
import { openServer } from '../../sandbox/src/web/open-server.ts';
import { findFreePort } from '../support/process/start-process.ts';

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

/** Beside 127.0.0.1 on Linux: reached only by who listens on every interface. */
const ANOTHER_ADDRESS = '127.0.0.2';

async function reaches(host: string, port: number): Promise<boolean> {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;
  return await fetch(url, { headers: { connection: 'close' } }).then(
    ({ status }) => status === 204,
    () => false,
  );
}

describe.each([
  [
    'the app',
    async (host: string | undefined) => {
      const server = createServer((_request, response) => response.writeHead(204).end());
      const port = await findFreePort();
      closings.push(await listen(server, { port, host }));
      return port;
    },
  ],
  [
    'the sandbox',
    async (host: string | undefined) => {
      const { server, url, ...opened } = await openServer(0, host);
      server.on('request', (_request, response) => response.writeHead(204).end());
      closings.push(() => opened.close());
      return Number(new URL(url).port);
    },
  ],
])('%s', (_name, start) => {
  it.each([
    ['localhost', [true, true, false]],
    ['127.0.0.1', [true, false, false]],
    ['::1', [false, true, false]],
    [undefined, [true, true, true]],
  ])('with HOST=%s is reached by 127.0.0.1, ::1 and others: %j', async (host, expected) => {
    const port = await start(host);
    const reached = [
      await reaches('127.0.0.1', port),
      await reaches('::1', port),
      await reaches(ANOTHER_ADDRESS, port),
    ];
    expect(reached).toEqual(expected);
  });

  it('lets go of both families when it is closed', async () => {
    const port = await start('localhost');
    for (const close of closings.splice(0)) await close();
    expect([await reaches('127.0.0.1', port), await reaches('::1', port)]).toEqual([false, false]);
  });
});

describe('a port that cannot be had', () => {
  it('is named when another program has it in the other family alone', async () => {
    const other = createServer();
    const port = await findFreePort();
    closings.push(await listen(other, { port, host: '::1' }));
    const starting = listen(createServer(), { port, host: 'localhost' });
    await expect(starting).rejects.toThrow(`Port ${port} is taken by another program`);
    expect(await reaches('127.0.0.1', port)).toBe(false);
  });

  it.each([
    ['EACCES', 'PORT', 80, 'PORT=8080 npm start'],
    ['EACCES', 'SANDBOX_PORT', 180, 'SANDBOX_PORT=8180 npm start'],
    // What Windows keeps for itself is anywhere.
    ['EACCES', 'PORT', 58_000, 'PORT=59000 npm start'],
    ['EACCES', 'PORT', 65_000, 'PORT=64000 npm start'],
    ['EADDRINUSE', 'PORT', 65_535, 'PORT=65534 npm start'],
  ])('has another one proposed that is one: %s, %s=%d', (code, variable, port, instead) => {
    const error = Object.assign(new Error('listen'), { code });
    const explained = messageOf(explainListening(error, { variable, port, host: undefined }));
    expect(explained).toMatch(new RegExp(` ${instead}$`));
    expect(explained.includes('above 1023')).toBe(port < 1024);
  });

  it.each(['192.0.2.1', 'no-such-name.invalid'])(
    'is explained by HOST=%s, which is not of this machine',
    async (host) => {
      const starting = listen(createServer(), { port: 0, host });
      await expect(starting).rejects.toThrow(`HOST=${host} is not an address of this machine`);
    },
  );
});
