import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RemoteError } from '../../../server/remote-error.ts';
import { downloadFile } from '../../../server/features/files/download.ts';
import type { DownloadOptions } from '../../../server/runtime/types.ts';
import { serve } from '../../support/network/serve.ts';

/** Every host of this test is this server: the name of the one that is meant comes first in the path. */
let place: Awaited<ReturnType<typeof serve>>;
let seen: { url: string; headers: IncomingHttpHeaders }[];
let respond: (response: ServerResponse, url: string) => void;
const signal = new AbortController().signal;

beforeAll(async () => {
  place = await serve((request, response) => {
    const url = `https://${request.url?.slice(1)}`;
    seen.push({ url, headers: request.headers });
    respond(response, url);
  });
});
afterAll(() => place.close());
beforeEach(() => {
  seen = [];
  respond = (response) => void response.setHeader('Content-Type', 'image/png').end('bytes');
});

const ACME = 'https://acme.zendesk.com';
const FILE = `${ACME}/sc/attachments/v2/01J/a%20tent.png`;

async function download(
  address: string,
  { baseUrl = `${ACME}/sc`, ...options }: DownloadOptions & { baseUrl?: string } = {},
) {
  const files = {
    fetch: (_operation: string, url: string, init: RequestInit) =>
      fetch(`${place.url}/${url.replace('https://', '')}`, init),
    headers: { 'X-Zendesk-Marketplace-Name': 'Shop' },
    legacyApiUrl: 'https://api.smooch.io',
  };
  const account = { baseUrl, token: 'the-token' };
  return await downloadFile(files, account, address, { ...options, signal });
}
const authorizations = () => seen.map(({ headers }) => headers.authorization);

describe('a file of a message', () => {
  it('is fetched from the account’s own host with its token', async () => {
    const file = await download(FILE);
    expect(file).toMatchObject({ mediaType: 'image/png', size: 5 });
    expect((await file.bytes()).toString()).toBe('bytes');
    expect(seen).toMatchObject([
      {
        url: FILE,
        headers: { authorization: 'Bearer the-token', 'x-zendesk-marketplace-name': 'Shop' },
      },
    ]);
  });

  it('is fetched without a token from the public hosts of older accounts', async () => {
    await download('https://media.smooch.io/apps/1/a.png');
    await download('https://media.smooch.io/apps/1/a.png', { baseUrl: 'https://api.smooch.io' });
    expect(authorizations()).toEqual([undefined, undefined]);
    expect(seen[0]?.headers).not.toHaveProperty('x-zendesk-marketplace-name');
  });

  it('gets no token where the same host has something else than files', async () => {
    for (const path of [
      '/sc/v2/apps/1/users/2',
      '/sc/oauth/attachments/x',
      '/attachmentsx/1',
      '/sc/attachments/../v2/apps/1',
      '/sc/attachments/..%2fv2%2fapps',
      '/sc/attachments/%2e%2e/v2',
      '/sc/attachments/a%5c..%5cv2',
      '/sc/attachments/%ff',
    ])
      await download(`${ACME}${path}`);
    expect(authorizations()).toEqual(Array(8).fill(undefined));
  });

  it.each([
    'https://evil.example/sc/attachments/v2/1/a.png',
    'https://bloom.zendesk.com/sc/attachments/v2/1/a.png',
    'https://acme.zendesk.com.evil.example/sc/attachments/a',
    'https://acme.zendesk.com@evil.example/sc/attachments/a',
    'https://name:word@acme.zendesk.com/sc/attachments/a',
    'https://acme.zendesk.com:8443/sc/attachments/a',
    'http://acme.zendesk.com/sc/attachments/a',
    'http://media.smooch.io/apps/1/a.png',
    'https://evilsmooch.io/a.png',
    'https://169.254.169.254/latest',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'no address',
    '',
  ])('is not fetched from anywhere else: %s', async (address) => {
    await expect(download(address)).rejects.toThrow(RangeError);
    await expect(download(address)).rejects.toThrow('no place where this account keeps its files');
    expect(seen).toEqual([]);
  });

  it('is fetched from where its host says that it is kept, without the token', async () => {
    respond = (response, url) => {
      if (url === FILE)
        response.writeHead(302, { Location: 'https://store.example/1?sig=x' }).end();
      else response.end('bytes');
    };
    expect((await (await download(FILE)).bytes()).toString()).toBe('bytes');
    expect(seen.map(({ url }) => url)).toEqual([FILE, 'https://store.example/1?sig=x']);
    expect(authorizations()).toEqual(['Bearer the-token', undefined]);
    expect(seen[1]?.headers).not.toHaveProperty('x-zendesk-marketplace-name');
  });

  it('gets no token after a redirect back to the account', async () => {
    respond = (response, url) => {
      if (url === FILE) response.writeHead(307, { Location: '/sc/attachments/v2/2' }).end();
      else response.end('bytes');
    };
    await download(FILE);
    expect(authorizations()).toEqual(['Bearer the-token', undefined]);
  });

  it.each([
    'http://store.example/1',
    'https://127.0.0.1/1',
    'https://[::1]/1',
    'https://2130706433/1',
    'https://localhost/1',
    'https://database.internal/1',
    'https://printer.local/1',
    'https://store.example:5432/1',
    'ftp://store.example/1',
    'https://',
  ])('does not follow a redirect into a network: %s', async (Location) => {
    respond = (response) => {
      response.writeHead(302, { Location }).end();
    };
    await expect(download(FILE)).rejects.toThrow('no public https address');
    expect(seen).toHaveLength(1);
  });

  it('is not looked for in a circle', async () => {
    respond = (response, url) => {
      response.writeHead(302, { Location: url }).end();
    };
    await expect(download(FILE)).rejects.toThrow('redirected too often');
    expect(seen).toHaveLength(4);
  });

  it('is refused before it is read when it says that it is too large', async () => {
    respond = (response) => {
      response.writeHead(200, { 'Content-Length': 11 }).write('x');
    };
    const problem = 'The file has 11 bytes; download() takes 10 bytes here.';
    await expect(download(FILE, { maxBytes: 10 })).rejects.toThrow(new RangeError(problem));
  });

  it('ends where it becomes too large, whatever it has said', async () => {
    respond = (response) => {
      const flow = setInterval(() => response.write('x'.repeat(1_000)), 1);
      response.on('close', () => clearInterval(flow));
    };
    const file = await download(FILE, { maxBytes: 10_000 });
    await expect(file.bytes()).rejects.toThrow('longer than it may be; download() takes 10000');
    respond = (response) => {
      response.end('x'.repeat(10_000));
    };
    expect(await (await download(FILE, { maxBytes: 10_000 })).bytes()).toHaveLength(10_000);
  });

  it('that Zendesk refuses says so with its status, and what stands in between counts as no answer', async () => {
    respond = (response) => {
      response.writeHead(401).end('{"errors":[{"code":"unauthorized","title":"the-token: no"}]}');
    };
    const refused = await download(FILE).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RemoteError);
    const operation = 'DownloadAttachment';
    expect(refused).toMatchObject({ operation, status: 401, reason: '…: no' });
    respond = (response) => {
      response.writeHead(403).end('<html>');
    };
    expect(await download(FILE).catch((error: unknown) => error)).toMatchObject({
      status: undefined,
    });
  });

  it('in the sandbox is on its own address, without https', async () => {
    const base = `http://localhost:${place.port}/accounts/acme/sc`;
    const files = {
      fetch: (_operation: string, url: string, init: RequestInit) => fetch(url, init),
      headers: {},
      legacyApiUrl: `http://localhost:${place.port}/legacy`,
    };
    const account = { baseUrl: base, token: 'the-token' };
    await downloadFile(files, account, `${place.url}/attachments/1/a.png`, { signal });
    expect(authorizations()).toEqual(['Bearer the-token']);
    await expect(
      downloadFile(files, account, `http://localhost:${place.port + 1}/attachments/1`, { signal }),
    ).rejects.toThrow(RangeError);
  });
});
