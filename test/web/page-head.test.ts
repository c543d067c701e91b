import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProjectRoot } from '../../server/config/env-file.ts';
import { startShop, type Shop } from '../support/start-shop.ts';

describe('the head of a page', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await startShop();
  });
  afterAll(() => shop.close());

  it('has a social card at an absolute address', async () => {
    const html = await (await fetch(shop.url)).text();
    const [, address = ''] = /property="og:image" content="([^"]*)"/.exec(html) ?? [];
    expect(address).toBe(`${shop.url}/social-card.png`);
    const picture = Buffer.from(await (await fetch(address)).arrayBuffer());
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([1200, 630]);
  });

  it('gives a browser the colours of the paper', async () => {
    const html = await (await fetch(shop.url)).text();
    const themes = [...html.matchAll(/name="theme-color" content="([^"]*)"/g)].map(
      ([, hue]) => hue,
    );
    const tokens = readFileSync(join(findProjectRoot(), 'public/tokens.css'), 'utf8');
    expect(tokens).toContain(`--paper: light-dark(${themes.join(', ')});`);
  });

  it('links only to files that exist', async () => {
    for (const url of [shop.url, shop.sandbox.url]) {
      const html = await (await fetch(url)).text();
      const addresses = [...html.matchAll(/<(?:link|script)[^>]* (?:href|src)="([^"]*)"/g)];
      expect(addresses.length).toBeGreaterThan(2);
      for (const [, address = ''] of addresses) {
        expect((await fetch(new URL(address, url))).status, address).toBe(200);
      }
    }
  });
});
