import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProjectRoot } from '../../server/config/env-file.ts';
import { request } from 'node:http';
import { startShop, type Shop } from '../support/start-shop.ts';

const root = findProjectRoot();
let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

interface Asset {
  status: number | undefined;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** As it comes over the wire: fetch would unpack it. */
function get(address: string, encodings = ''): Promise<Asset> {
  return new Promise((resolve, reject) => {
    request(address, { headers: { 'accept-encoding': encodings } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          body: Buffer.concat(chunks),
        }),
      );
    })
      .on('error', reject)
      .end();
  });
}

const findAll = (html: string, pattern: RegExp) =>
  [...html.matchAll(pattern)].map(([, address = '']) => address);
const stylesOf = (html: string) => findAll(html, /<link rel="stylesheet" href="([^"]*)"/g);
const scriptsOf = (html: string) => findAll(html, /<script[^>]* src="([^"]*)"/g);

describe.each([
  ['the app', () => shop.url, 'public'],
  ['the sandbox', () => shop.sandbox.url, 'sandbox/public'],
])('%s', (_site, urlOf, folder) => {
  let style: string;
  let script: string;

  it('has one stylesheet and one script', async () => {
    const html = await (await fetch(urlOf())).text();
    expect(stylesOf(html)).toEqual([expect.stringMatching(/^\/assets\/site-\w{8}\.css$/)]);
    expect(scriptsOf(html)).toEqual([expect.stringMatching(/^\/assets\/site-\w{8}\.js$/)]);
    style = new URL(stylesOf(html)[0] ?? '', urlOf()).href;
    script = new URL(scriptsOf(html)[0] ?? '', urlOf()).href;
  });

  it('lets browsers keep them for good, because another content has another name', async () => {
    for (const [address, type] of [
      [style, 'text/css'],
      [script, 'text/javascript'],
    ] as const) {
      const { status, headers } = await get(address);
      expect(status).toBe(200);
      expect(headers['content-type']).toContain(type);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(headers['content-encoding']).toBeUndefined();
    }
  });

  it('sends them packed to who can unpack them', async () => {
    const plain = await get(style);
    const packed = await get(style, 'gzip, deflate, br');
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(packed.headers['content-type']).toBe(plain.headers['content-type']);
    expect(packed.body.length).toBeLessThan(plain.body.length / 3);
    expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
  });

  it('has every rule of the small files in it, and none of the data: images that the policy forbids', async () => {
    const css = (await get(style)).body.toString();
    expect(css).not.toContain('data:');
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.css')) continue;
      const classes = readFileSync(join(root, folder, file), 'utf8').match(/\.[a-z][\w-]*(?= \{)/g);
      for (const name of classes ?? []) expect(css, `${name} of ${file}`).toContain(name);
    }
  });

  it('says 404 for what is none of them', async () => {
    for (const file of ['site-00000000.txt', '..%2f..%2fpackage.json'])
      expect((await get(`${urlOf()}/assets/${file}`)).status, file).toBe(404);
  });
});

it('nothing is built that no server sends', () => {
  for (const name of ['dist/assets', 'sandbox/dist/assets']) {
    const kinds = readdirSync(join(root, name)).map((file) => file.replace(/^site-\w{8}/, ''));
    expect(kinds.toSorted(), name).toEqual(['.css', '.css.gz', '.js', '.js.gz']);
  }
});

it('is named alike wherever it is built from', () => {
  const names = () =>
    ['dist/assets', 'sandbox/dist/assets'].map((name) => readdirSync(join(root, name)));
  const before = names();
  const script = join(root, 'scripts/build-assets.js');
  expect(spawnSync(process.execPath, [script], { cwd: tmpdir() }).status).toBe(0);
  expect(names()).toEqual(before);
});

it('an instance with another build sends its own stylesheet, to be kept by nobody', async () => {
  const { status, headers } = await get(`${shop.url}/assets/site-ANOTHER1.css`);
  expect(status).toBe(200);
  expect(headers['cache-control']).toBe('no-store');
});
