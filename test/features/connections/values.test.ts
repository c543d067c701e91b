import { describe, expect, it } from 'vitest';
import { serviceUrl, signingTokens } from '../../../server/features/connections/values.ts';

describe('what other services sign with', () => {
  it('may be several, newest first', () => {
    expect(signingTokens.parse('new,old')).toEqual(['new', 'old']);
  });

  it.each([',', 'two words', 'ünïcödé'])('is not %s', (written) =>
    expect(signingTokens.safeParse(written).success).toBe(false),
  );
});

describe('the address of a service', () => {
  it.each(['https://zoom.us/oauth', 'http://localhost:3100/zoom', 'http://127.0.0.1:1'])(
    'may be %s',
    (written) => expect(serviceUrl.parse(written)).toBe(written),
  );

  it.each([
    'http://zoom.us',
    'ftp://localhost',
    'https://user@zoom.us',
    'https://zoom.us/?a',
    'zoom',
  ])('is not %s', (written) => expect(serviceUrl.safeParse(written).success).toBe(false));
});
