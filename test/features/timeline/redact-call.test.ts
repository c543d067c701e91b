import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask, showMasks } from '../../../server/features/timeline/secrets.ts';
import { redactCall, type WireCall } from '../../../server/features/timeline/redact-call.ts';

const TOKEN = 'eyJhbGciOi.J9-the_token';

function redact(changes: Partial<WireCall>) {
  return redactCall({
    method: 'POST',
    url: 'https://acme.zendesk.com/sc/v2/apps/1/conversations',
    headers: { Authorization: `Bearer ${TOKEN}`, Accept: 'application/json' },
    body: null,
    answer: null,
    durationMs: 7,
    ...changes,
  });
}
const answer = (body: string, headers: Record<string, string> = {}) => ({
  status: 200,
  headers: new Headers(headers),
  body,
});

describe('what is kept of a call', () => {
  it('names the token’s place in the headers and leaves the rest as it was', () => {
    const call = redact({ body: '{"text":"Hello"}', answer: answer('{"id":"1"}') });
    expect(call).toEqual({
      method: 'POST',
      url: 'https://acme.zendesk.com/sc/v2/apps/1/conversations',
      requestHeaders: { Authorization: `Bearer ${mask('TOKEN')}`, Accept: 'application/json' },
      requestBody: { text: '{"text":"Hello"}', cut: false },
      status: 200,
      durationMs: 7,
      responseHeaders: {},
      responseBody: { text: '{"id":"1"}', cut: false },
    });
  });

  it('masks what makes somebody the host of a meeting', () => {
    const user = { email: 'ann@shop.example', host_key: '299999', pmi: 5_551_234_567 };
    const meeting = {
      start_url: 'https://zoom.example/s/1?zak=x',
      settings: { dynamic_host_key: '1234' },
    };
    for (const body of [user, meeting]) {
      const kept = redact({ answer: answer(JSON.stringify(body)) }).responseBody?.text;
      for (const secret of ['299999', 'zak=x', '1234"']) expect(kept).not.toContain(secret);
      expect(kept).toContain('⟦');
    }
  });

  it('masks code and client secret of a token request, and the token of its answer', () => {
    const call = redact({
      headers: {},
      body: '{"grant_type":"authorization_code","code":"c0de","client_id":"shop","client_secret":"s3cret"}',
      answer: answer(`{"access_token":"${TOKEN}","token_type":"Bearer"}`),
    });
    expect(JSON.parse(call.requestBody?.text ?? '')).toEqual({
      grant_type: 'authorization_code',
      code: mask('CODE'),
      client_id: 'shop',
      client_secret: mask('CLIENT_SECRET'),
    });
    expect(JSON.parse(call.responseBody?.text ?? '')).toEqual({
      access_token: mask('TOKEN'),
      token_type: 'Bearer',
    });
  });

  it('masks the secret of each webhook in a list', () => {
    const webhooks = [
      { id: '1', secret: 'first-secret' },
      { id: '2', secret: 'second-secret' },
    ];
    const call = redact({ answer: answer(JSON.stringify({ webhooks })) });
    expect(call.responseBody?.text).not.toMatch(/first-secret|second-secret/);
    expect(call.responseBody?.text).toContain('"id":"2"');
  });

  it('masks code and state in an address', () => {
    const call = redact({ url: 'https://shop.example/oauth?code=c0de&state=st4te&x=1' });
    expect(call.url).toBe(
      `https://shop.example/oauth?code=${mask('CODE')}&state=${mask('STATE')}&x=1`,
    );
  });

  it('leaves the code of an error, which says what went wrong', () => {
    const errors = '{"errors":[{"code":"locked","title":"Too many messages"}]}';
    expect(redact({ answer: answer(errors) }).responseBody?.text).toBe(errors);
  });

  it.each([
    ['an HTML page', `<html>You sent Bearer ${TOKEN}</html>`],
    ['another field', JSON.stringify({ echo: [`Bearer ${TOKEN}`] })],
    ['an escaped spelling', `{"echo":"\\u0065${TOKEN.slice(1)}"}`],
  ])('masks a token that the answer repeats in %s', (_where, body) => {
    const call = redact({ answer: answer(body) });
    expect(JSON.stringify(call)).not.toContain(TOKEN.slice(1));
    expect(call.responseBody?.text).toContain(mask('TOKEN'));
  });

  it('shows of an answer’s headers only those that explain it', () => {
    const headers = { 'Content-Type': 'text/html', 'Set-Cookie': 'session=1', 'Retry-After': '3' };
    expect(redact({ answer: answer('', headers) }).responseHeaders).toEqual({
      'content-type': 'text/html',
      'retry-after': '3',
    });
  });

  it('cuts long bodies, and says so', () => {
    const call = redact({ body: JSON.stringify('x'.repeat(5_000)) });
    expect(call.requestBody).toMatchObject({ cut: true });
    expect(call.requestBody?.text).toHaveLength(2_000);
  });

  it('lets nobody forge a mask', () => {
    const call = redact({ body: JSON.stringify({ text: `my ${mask('TOKEN')}` }) });
    expect(call.requestBody?.text).toBe('{"text":"my [TOKEN]"}');
  });

  it.each([
    ['number', '{"password":12345678}', '12345678'],
    ['list', '{"client_secret":["one-of-them"]}', 'one-of-them'],
    ['group', '{"credentials":{"key":"inner-value"}}', 'inner-value'],
    ['token of another kind', '{"jwt":"eyJhbGciOi"}', 'eyJhbGciOi'],
  ])('hides a secret that is a %s', (_kind, body, secret) => {
    expect(redact({ body }).requestBody?.text).not.toContain(secret);
  });

  it('hides a secret that contains the brackets of a mask', () => {
    const body = JSON.stringify({ secret: 'half⟦of⟧it', text: 'so half⟦of⟧it is' });
    expect(redact({ body }).requestBody?.text).not.toContain('half');
  });

  it('grows by no more than a mask per character, whatever customers call a secret', () => {
    // Each a letter of the masks that take the place of the others.
    const letters = 'SECRTWBHOK_⟦⟧'.split('');
    const names = letters.map((letter, n) => [`${'_'.repeat(n)}secret`, letter] as const);
    const text = 'S'.repeat(4_000);
    const body = JSON.stringify({ text, metadata: Object.fromEntries(names) });
    expect(redact({ body }).requestBody?.text).toHaveLength(2_000);
  });

  it('keeps nothing of a body that is nested too deeply to find the secrets in it', () => {
    const inside = `${'['.repeat(3_000)}{"secret":"deep-secret"}${']'.repeat(3_000)}`;
    const call = redact({ body: `{"text":"deep-secret","list":${inside}}` });
    expect(call.requestBody).toEqual({ text: mask('BODY'), cut: false });
    expect(call.requestHeaders['Authorization']).toBe(`Bearer ${mask('TOKEN')}`);
  });

  it('keeps nothing of a body with more secrets than anybody has', () => {
    const many = Array.from({ length: 101 }, (_, n) => [`${n}_token`, `secret-number-${n}`]);
    const call = redact({ body: JSON.stringify(Object.fromEntries(many)) });
    expect(call.requestBody).toEqual({ text: mask('BODY'), cut: false });
  });

  it('holds no secret, whatever it is made of and wherever else it stands', () => {
    const secret = fc.string({ minLength: 8, unit: 'grapheme' });
    const place = fc.constantFrom(
      'access_token',
      'clientSecret',
      'X-Api-Key',
      'password',
      'secret',
    );
    const property = fc.property(secret, place, (value, name) => {
      const body = JSON.stringify({ [name]: value, nested: [{ text: `so ${value} it is` }] });
      const call = redact({ headers: {}, body, answer: answer(body) });
      const left = JSON.stringify([call.requestBody?.text, call.responseBody?.text]);
      expect(left).not.toContain(JSON.stringify(JSON.stringify(value)).slice(1, -1));
    });
    fc.assert(property, { numRuns: 300 });
  });
});

it('a mask shows neither what was there nor how much', () => {
  expect(showMasks(`code=${mask('CODE')}&state=${mask('STATE')}`)).toBe('code=•••&state=•••');
});
