import { describe, expect, it } from 'vitest';
import {
  encryptionKeys,
  headerValue,
  origin,
  secretList,
  trustProxy,
  urlTemplate,
} from '../../server/config/values.ts';

const KEY = Buffer.alloc(32, 1).toString('base64');

describe('an origin', () => {
  it.each([
    ['https://bot.example.com', 'https://bot.example.com'],
    ['https://bot.example.com/', 'https://bot.example.com'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['HTTPS://Bot.Example.com', 'https://bot.example.com'],
    ['https://bot.example.com:443/', 'https://bot.example.com'],
    ['http://localhost:80', 'http://localhost'],
    ['http://127.1:3000', 'http://127.0.0.1:3000'],
    ['http://[0:0::1]:3000/', 'http://[::1]:3000'],
  ])('%s is kept as %s', (written, kept) => {
    expect(origin.parse(written)).toBe(kept);
  });

  it.each([
    ['a Cyrillic о', 'https://bоt.example.com'],
    ['a long dash', 'https://bot–one.example.com'],
    ['a full-width colon', 'https：//bot.example.com'],
    ['a zero-width space', 'https://bot.example.com\u200b'],
    ['a non-breaking space', 'https://bot.example.com\u00a0'],
    ['a space', 'https://bot example.com'],
    ['a line break', 'https://bot.example.com\n'],
  ])('with %s is pointed out as such', (_name, written) => {
    expect(origin.safeParse(written).error?.issues[0]?.message).toMatch(/look-alike/);
  });

  it.each([
    ['bot.example.com', 'an http(s) address'],
    ['ftp://bot.example.com', 'an http(s) address'],
    ['javascript:alert(1)', 'an http(s) address'],
    ['https:/bot.example.com', 'an http(s) address'],
    ['https://', 'an http(s) address'],
    ['https://bot.example.com:99999', 'an http(s) address'],
    ['https://bot.example.com/path', 'an address without a path'],
    ['https://bot.example.com//', 'an address without a path'],
    ['https://bot.example.com?query', 'an address without “?” and “#”'],
    ['https://bot.example.com/?', 'an address without “?” and “#”'],
    ['https://bot.example.com/#', 'an address without “?” and “#”'],
    ['https://user:pass@bot.example.com', 'an address without a user name'],
    ['https://user@bot.example.com', 'an address without a user name'],
  ])('is not %s, because it must be %s', (written, what) => {
    expect(origin.safeParse(written).error?.issues[0]?.message).toBe(
      `must be ${what}, for example https://bot.example.com`,
    );
  });
});

describe('an address template', () => {
  it('may hold {subdomain} and a path', () => {
    expect(urlTemplate.parse('https://{subdomain}.zendesk.com/sc/')).toBe(
      'https://{subdomain}.zendesk.com/sc',
    );
  });

  it.each([
    '{subdomain}',
    'file:///etc/passwd',
    '//host',
    'https://user:secret@host/sc',
    'https://host/sc?a=b',
    'https://host/sc#a',
  ])('is not %s', (written) => expect(urlTemplate.safeParse(written).success).toBe(false));
});

describe('a header value', () => {
  it('is printable ASCII', () => {
    expect(headerValue.parse('My shop (beta) ~ 100%')).toBe('My shop (beta) ~ 100%');
  });

  it.each(['a\r\nSet-Cookie: b', 'a\nb', 'a\rb', 'a\u0000', 'Café', 'a\tb', '商店'])(
    'is refused when it is %j',
    (written) => expect(headerValue.safeParse(written).success).toBe(false),
  );
});

describe('a list of secrets', () => {
  it('is separated by commas, with or without spaces, newest first', () => {
    const [first, second] = ['a'.repeat(32), 'b'.repeat(64)];
    expect(secretList.parse(` ${first} , ${second},`)).toEqual([first, second]);
  });

  it.each([
    ['one of 31 characters', 'a'.repeat(31)],
    ['a short one behind a long one', `${'a'.repeat(32)},short`],
    ['commas only', ' , ,'],
  ])('is refused with %s', (_name, written) => {
    expect(secretList.safeParse(written).success).toBe(false);
  });
});

describe('a list of encryption keys', () => {
  it('is read as ids and 32 bytes each', () => {
    expect(encryptionKeys.parse(`k2:${KEY},k1:${KEY}`)).toEqual([
      { id: 'k2', key: Buffer.alloc(32, 1) },
      { id: 'k1', key: Buffer.alloc(32, 1) },
    ]);
  });

  it.each([
    ['no id', KEY, /id:base64/],
    ['an empty id', `:${KEY}`, /id:base64/],
    ['what is not base64', 'k1:***', /id:base64/],
    ['16 bytes', `k1:${Buffer.alloc(16).toString('base64')}`, /32 bytes/],
    ['33 bytes', `k1:${Buffer.alloc(33).toString('base64')}`, /32 bytes/],
    ['the same id twice', `k1:${KEY},k1:${KEY}`, /may stand once/],
  ])('is refused with %s', (_name, written, message) => {
    expect(encryptionKeys.safeParse(written).error?.issues[0]?.message).toMatch(message);
  });
});

describe('TRUST_PROXY', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['0', 0],
    ['2', 2],
    ['loopback', 'loopback'],
    ['10.0.0.1, 192.168.0.0/16, ::1', '10.0.0.1,192.168.0.0/16,::1'],
  ])('%s is read as %j', (written, read) => {
    expect(trustProxy.parse(written)).toBe(read);
  });

  it.each([
    'yes',
    'proxy.example.com',
    '10.0.0.1;10.0.0.2',
    '10.0.0.1/99',
    '10.0.0.0/1e1',
    '10.0.0.0/+8',
    '10.0.0.0/0',
    '-1',
  ])('%s is refused, because Express would not start with it', (written) =>
    expect(trustProxy.safeParse(written).success).toBe(false),
  );
});
