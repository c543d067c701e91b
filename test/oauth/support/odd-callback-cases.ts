import { describe, expect, it } from 'vitest';
import type { Browser } from '../../support/browser/browser.ts';

export interface CallbackUse {
  name: string;
  /** Of the service. */
  title: string;
  /** As far as to the answer of the service. */
  begin: () => Promise<{ browser: Browser; callback: URL }>;
  /** How often its token endpoint was asked. */
  exchanges: () => number;
}

/** What the callback has to make of odd addresses, whatever it is used for. */
export function describeOddCallbacks({ name: use, begin, exchanges, title }: CallbackUse): void {
  describe(`the callback of ${use}`, () => {
    it.each([
      ['who answered (RFC 9207)', 'iss', 'https://elsewhere.example'],
      ['the state of a session', 'session_state', 'abc'],
      ['an id token', 'id_token', 'not.a.token'],
      ['a whole response', 'response', 'eyJ'],
      ['a token', 'access_token', 'planted'],
      ['an empty error', 'error', ''],
      ['a list of something else', 'utm[]', 'x'],
    ])('ignores %s that comes along', async (_what, name, value) => {
      const { browser, callback } = await begin();
      callback.searchParams.set(name, value);
      const before = exchanges();
      expect((await browser.get(callback.href)).status).toBe(303);
      expect(exchanges() - before).toBe(1);
    });

    it.each([
      ['neither code nor error', (url: URL) => url.searchParams.delete('code')],
      ['an empty code', (url: URL) => url.searchParams.set('code', '')],
      ['two codes', (url: URL) => url.searchParams.append('code', 'another')],
      [
        'a code twice the same',
        (url: URL) => void (url.search += `&code=${url.searchParams.get('code')}`),
      ],
      ['a list of codes beside it', (url: URL) => url.searchParams.append('code[]', 'a')],
      ['a map of states beside it', (url: URL) => url.searchParams.append('state[x]', 'y')],
      ['two states', (url: URL) => url.searchParams.append('state', 'y')],
      ['an extra that stands twice', (url: URL) => void (url.search += '&iss=a&iss=b')],
    ])('refuses %s with 400, and nothing is spent', async (_what, change) => {
      const { browser, callback } = await begin();
      const odd = new URL(callback);
      change(odd);
      const before = exchanges();
      const refused = await browser.get(odd.href);
      expect([refused.status, exchanges() - before]).toEqual([400, 0]);
      expect(refused.text).toContain('Start again');
      expect((await browser.get(callback.href)).status).toBe(303);
      expect(exchanges() - before).toBe(1);
    });

    it('is not used up by a HEAD, and takes no other method', async () => {
      const { browser, callback } = await begin();
      const before = exchanges();
      expect((await browser.head(callback.href)).status).toBe(200);
      expect((await browser.post(callback.href, {})).status).toBe(404);
      expect(exchanges() - before).toBe(0);
      expect((await browser.get(callback.href)).status).toBe(303);
    });

    it.each([
      ['access_denied', 400, 'Access was denied'],
      ['login_required', 400, `${title} asks you to sign in first`],
      ['interaction_required', 400, `${title} asks you to sign in first`],
      ['invalid_scope', 400, `${title} refused the request`],
      ['server_error', 502, `${title} is not available just now`],
      ['temporarily_unavailable', 502, `${title} is not available just now`],
    ])('explains error=%s with %i, with a state and without', async (error, status, words) => {
      const { browser, callback } = await begin();
      callback.searchParams.delete('code');
      callback.searchParams.set('error', error);
      const before = exchanges();
      const answer = await browser.get(callback.href);
      expect([answer.status, answer.text.includes(`<h1>${words}</h1>`)]).toEqual([status, true]);
      callback.searchParams.delete('state');
      const stateless = await browser.get(callback.href);
      expect([stateless.status, stateless.text.includes(`<h1>${words}</h1>`)]).toEqual([
        status,
        true,
      ]);
      expect(exchanges() - before).toBe(0);
    });

    it('says that nothing came when nothing did', async () => {
      const { browser, callback } = await begin();
      const answer = await browser.get(`${callback.origin}${callback.pathname}`);
      expect([answer.status, answer.text.includes('Something is missing')]).toEqual([400, true]);
    });
  });
}
