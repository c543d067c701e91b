import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import express from 'express';
import { securityHeaders } from '../../server/web/security.ts';
import { createBrowser, type Browser } from '../support/browser/browser.ts';
import { serve } from '../support/network/serve.ts';
import { startShop, type Shop } from '../support/start-shop.ts';

let shop: Shop;
let owner: Browser;
let statusUrl: string;
beforeAll(async () => {
  shop = await startShop();
  ({ browser: owner, statusUrl } = await shop.install());
});
afterAll(() => shop.close());

const everyPage = () => [
  '/',
  '/install',
  '/oauth',
  '/privacy',
  '/settings',
  '/no-such-page',
  '/healthz',
  '/readyz',
  '/base.css',
  '/favicon.svg',
  new URL(statusUrl).pathname,
];

describe('every answer', () => {
  it('forbids inline scripts and styles, frames and sniffing', async () => {
    for (const path of everyPage()) {
      const { headers } = await owner.get(`${shop.url}${path}`);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, path).toContain("default-src 'none'");
      expect(policy, path).toContain("script-src 'self'");
      expect(policy, path).toContain("style-src 'self'");
      // Of whoever has a typeface of his own.
      expect(policy, path).toContain("font-src 'self'");
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).toContain("base-uri 'none'");
      expect(policy, path).not.toMatch(/unsafe|\*|data:|https?:/);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toBe('same-origin');
    }
  });

  it('does not tell what the app is built with, and carries a request id', async () => {
    for (const path of everyPage()) {
      const { headers } = await owner.get(`${shop.url}${path}`);
      expect(headers.has('x-powered-by'), path).toBe(false);
      expect(headers.get('x-request-id'), path).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('asks nobody to keep a page and compare it later', async () => {
    for (const path of everyPage()) {
      const { headers } = await owner.get(`${shop.url}${path}`);
      expect(headers.has('etag'), path).toBe(/\.\w+$/.test(path));
    }
  });

  it('keeps to its own policy: no page holds an inline script, style or handler', async () => {
    for (const path of everyPage()) {
      const { text, headers } = await owner.get(`${shop.url}${path}`);
      if (!headers.get('content-type')?.includes('text/html')) continue;
      expect(text, path).not.toMatch(
        /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:/i,
      );
    }
  });

  it('may be shown on another site if it is the icon, and else on none', async () => {
    for (const path of [...everyPage(), '/metrics', '/favicon.ico', '/social-card.png']) {
      const { headers } = await owner.get(`${shop.url}${path}`);
      const expected = path === '/favicon.svg' ? 'cross-origin' : 'same-origin';
      expect(headers.get('cross-origin-resource-policy'), path).toBe(expected);
    }
    for (const path of [
      '/export',
      '/events',
      '/activity',
      '/connections',
      '/delete',
      '/timeline',
    ]) {
      const { headers, status } = await owner.get(`${statusUrl}${path}`);
      const policy = headers.get('cross-origin-resource-policy');
      expect([path, status, policy]).toEqual([path, 200, 'same-origin']);
    }
  });

  async function headersOf(publicUrl: string) {
    const app = express();
    app.use(securityHeaders(publicUrl), (_request, response) => response.end());
    const { url, close } = await serve(app);
    const { headers } = await createBrowser().get(url);
    close();
    return headers;
  }

  it.each([
    ['https://bot.example.com', true],
    ['https://example.com', true],
    ['https://localhost.example.com', true],
    ['https://localhost:3443', false],
    ['https://shop.localhost', false],
    ['https://127.0.0.1:3443', false],
    ['https://127.8.9.1', false],
    ['https://[::1]:3443', false],
    ['http://bot.example.com', false],
    ['http://localhost:3000', false],
  ])('of %s has browsers remember https: %s', async (publicUrl, remembered) => {
    const header = (await headersOf(publicUrl)).get('strict-transport-security');
    // For this name alone, whatever else runs on the hosts below it.
    expect(header).toBe(remembered ? 'max-age=31536000' : null);
  });

  it.each([
    ['https://bot.example.com', true],
    ['http://localhost:3000', false],
  ])('of %s asks for all its parts by https: %s', async (publicUrl, asks) => {
    const policy = (await headersOf(publicUrl)).get('content-security-policy');
    expect(policy?.includes('upgrade-insecure-requests')).toBe(asks);
  });
});
