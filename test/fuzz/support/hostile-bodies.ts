import fc from 'fast-check';
import { deliveryOf } from '../../support/open-hook.ts';
import { anyCharacter, wordsOf } from './hostile-text.ts';

const DEPTH = 100_000;
const valid = Buffer.from(deliveryOf(['fuzz'], 'Grüße 🎉'));

/** Almost JSON, or JSON that is hard to swallow. */
const ODDITIES: (string | Buffer)[] = [
  '',
  'null',
  '"events"',
  '[]',
  '{"events":null}',
  '{"events":{"length":9007199254740991}}',
  '['.repeat(DEPTH),
  '['.repeat(DEPTH) + ']'.repeat(DEPTH),
  '{"a":'.repeat(DEPTH) + '1' + '}'.repeat(DEPTH),
  `{"events":[{"id":"1","type":"a","payload":{"a":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}}]}`,
  `{"events":[{"id":"1","type":"a","payload":{"conversation":{"id":"1","a":${'{"b":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}}}}]}`,
  `{"events":[${'{},'.repeat(5_000)}{}]}`,
  '{"events":[{"id":"1","type":"a","payload":{"a":1e999,"b":-1e-999,"c":123456789012345678901234567890}}]}',
  '{"events":[{"id":"1","id":"2","type":"a","type":"b"}],"events":[{"id":"3","type":"c"}]}',
  '{"__proto__":{"events":[]},"constructor":{"prototype":{"events":[]}}}',
  '{"events":[{"__proto__":{"id":"1","type":"a"},"id":"p","type":"__proto__","payload":{"__proto__":null}}]}',
  '{"events":[{"id":"__proto__","type":"constructor","payload":{"conversation":{"id":"toString"}}}]}',
  '{"events":[{"id":"\\ud800","type":"a"}]}',
  '{"events":[{"id":"a\\u0000","type":"a"}]}',
  '{"appId":"a\\u0000b","integrationId":"\\udfff"}',
  '{"appId":"constructor","integrationId":"__proto__"}',
  '{"event":"app_deauthorized","payload":{"user_id":"\\u0000","account_id":"","client_id":[]}}',
  Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), valid]),
  Buffer.from(`\ufeff${valid.toString()}`, 'utf16le'),
  // Half a surrogate pair and NUL as bytes that are not UTF-8.
  Buffer.from('{"events":[{"id":"\xed\xa0\x80","type":"\xc0\x80"}]}', 'latin1'),
  Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xff]),
  Buffer.alloc(200_000),
];

/** A valid delivery with something cut out and something put in. */
const damaged = fc
  .record({
    at: fc.nat(valid.length),
    cut: fc.nat(20),
    put: fc.uint8Array({ maxLength: 8 }),
  })
  .map(({ at, cut, put }) =>
    Buffer.concat([valid.subarray(0, at), put, valid.subarray(Math.min(at + cut, valid.length))]),
  );

export const hostileBody: fc.Arbitrary<Buffer> = fc.oneof(
  fc.constantFrom(...ODDITIES).map((body) => Buffer.from(body)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((json) => Buffer.from(json)),
  damaged,
);

/** What may stand in a form's fields: anything, and everything that means something elsewhere. */
const fieldText = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 40 }),
  fc.constantFrom('\u0000', '\ud800', '\r\nX: y', '<script>', '"><b>', "' or 1=1 --", '__proto__'),
  fc.constantFrom('zoom', 'zocks', 'oauth2', 'custom', 'constructor', 'x'.repeat(70_000)),
);
const fieldName = fc.constantFrom(
  '',
  ...wordsOf('name provider authType oauthClientId accountId clientId clientSecret hostUser'),
  ...wordsOf('replace keepIfFailing name[] a[b] __proto__ constructor'),
);

/** An urlencoded form; percent signs may be broken, fields may repeat. */
export const hostileForm: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.tuple(fieldName, fieldText), { maxLength: 8 }).map(encode) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('%', '%FF=%C0', '&&&===', '=', 'a=1&'.repeat(1_500), '\ufeffname=x'),
  },
);

function encode(fields: [string, string][]): string {
  return fields
    .map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`,
    )
    .join('&');
}
