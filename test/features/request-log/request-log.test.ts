import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createBrowser } from '../../support/browser/browser.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

const Line = z.looseObject({
  level: z.number(),
  msg: z.string(),
  path: z.string().optional(),
  requestId: z.string().optional(),
});
const DEBUG = 20;
const INFO = 30;

let shop: Shop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

const linesOf = (path: string) =>
  shop.printed.map((line) => Line.parse(JSON.parse(line))).filter((line) => line.path === path);

describe('the log of requests', () => {
  it.each(['/', '/healthz', '/readyz', '/metrics', '/no-such-page'])(
    'has %s for whoever asks for details',
    async (path) => {
      const answer = await fetch(`${shop.url}${path}`);
      await answer.text();
      const line = await waitUntil('the line', () => linesOf(path)[0]);
      expect(line).toMatchObject({ level: DEBUG, requestId: answer.headers.get('x-request-id') });
    },
  );

  it('never has what belongs to a page', async () => {
    for (const path of ['/base.css', '/favicon.svg', '/assets/site-OLD.css'])
      await (await fetch(`${shop.url}${path}`)).text();
    await (await fetch(`${shop.url}/healthz`)).text();
    await waitUntil('the last line', () => linesOf('/healthz').length > 0);
    expect(shop.printed.join('')).not.toMatch(/\.css|\.svg/);
  });

  it('does not warn when somebody denies access', async () => {
    const browser = createBrowser();
    const consent = await browser.get(`${shop.url}/install`);
    const state = new URL(consent.headers.get('location') ?? '').searchParams.get('state');
    const page = await browser.open(`${shop.url}/oauth?error=access_denied&state=${state}`);
    expect(page.status).toBe(400);
    const levels = shop.printed.map((line) => Line.parse(JSON.parse(line)).level);
    expect(Math.max(...levels)).toBe(INFO);
    expect(shop.printed.join('')).toContain('A visitor denied access.');
  });
});
