import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import express from 'express';
import { createSecurityHeaders } from '../../server/web/security-headers.ts';
import { createBrowser, type Browser } from '../support/create-browser.ts';
import { serve } from '../support/serve.ts';
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

  it('keeps to its own policy: no page holds an inline script, style or handler', async () => {
    for (const path of everyPage()) {
      const { text, headers } = await owner.get(`${shop.url}${path}`);
      if (!headers.get('content-type')?.includes('text/html')) continue;
      expect(text, path).not.toMatch(
        /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:/i,
      );
    }
  });

  it.each([
    ['https://bot.example.com', true],
    ['http://localhost:3000', false],
  ])('of %s insists on https: %s', async (publicUrl, insists) => {
    const app = express();
    app.use(createSecurityHeaders(publicUrl), (_request, response) => response.end());
    const { url, close } = await serve(app);
    const { headers } = await createBrowser().get(url);
    close();
    expect(headers.has('strict-transport-security')).toBe(insists);
    expect(headers.get('content-security-policy')?.includes('upgrade-insecure-requests')).toBe(
      insists,
    );
  });
});
