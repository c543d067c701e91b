import { expect } from 'vitest';
import { createBrowser } from '../../../support/browser/browser.ts';
import type { Promises } from './kept.ts';

async function readCookies(url: string): Promise<string[]> {
  const answer = await fetch(url, { redirect: 'manual' });
  return answer.headers.getSetCookie();
}

const daysUntil = (cookie: string) => {
  const expires = Date.parse(/expires=([^;]+)/i.exec(cookie)?.[1] ?? '');
  return (expires - Date.now()) / (24 * 60 * 60_000);
};

/** Cookies, and who receives the data. */
export const others: Promises = {
  'One cookie remembers which accounts this browser added, for 30 days after the last visit.':
    async ({ browser, shop }) => {
      expect([...browser.cookies.keys()].filter((name) => !name.includes('attempt'))).toHaveLength(
        1,
      );
      const { text } = await browser.open(shop.url);
      expect(text).toContain('Acme Outdoor');
      const rows = await shop.database.kysely.selectFrom('sessions').selectAll().execute();
      const days = rows.map(({ expires_at: at }) => (at - Date.now()) / (24 * 60 * 60_000));
      // It is renewed once a day at most, so a day more is needed for the last visit to count.
      expect(Math.max(...days)).toBeGreaterThan(29.9);
      expect(Math.max(...days)).toBeLessThan(31.1);
      expect((await createBrowser().open(shop.url)).text).not.toContain('Acme Outdoor');
    },

  'Another one protects the installation while it is under way, for ten minutes.': async ({
    shop,
  }) => {
    const cookies = await readCookies(`${shop.url}/install`);
    const protecting = cookies.filter((cookie) => cookie.includes('attempt'));
    expect(protecting).toHaveLength(1);
    expect(Math.round(daysUntil(protecting[0] ?? '') * 24 * 60)).toBe(10);
  },

  'There is no tracking, and no other site is asked for anything.': async ({
    browser,
    statusUrl,
  }) => {
    const page = await browser.get(statusUrl);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:/);
    expect(page.text).not.toMatch(/<(?:script|img|link|iframe)[^>]+(?:src|href)="https?:/);
  },

  'Zendesk, where the messages come from and the answers go to, and nobody else, unless you connect another service yourself.':
    async (stage) => {
      const { shop } = stage;
      await stage.say('a private matter');
      // Whatever else were asked, the test would not have it: only loopback can be reached.
      const calls = JSON.stringify(shop.zendesk.calls);
      expect(calls).toContain('PostMessage');
      expect(shop.sandbox.control.zoom.calls).toEqual([]);
    },
};
