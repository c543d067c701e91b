import fc from 'fast-check';
import { latin1, linesOf, wordsOf } from './hostile-text.ts';

const LONG = 'x'.repeat(7_000);

export const hostileMethod = fc.constantFrom(
  ...wordsOf('GET HEAD POST PUT PATCH DELETE OPTIONS TRACE PROPFIND CONNECT get BREW PRI'),
);

const segment = fc.constantFrom(
  ...wordsOf('% %0 %zz %00 %2e%2e .. . %2f %5c \\ %c0%af %ed%a0%80 %ff %25252e ; : @ * ~ ( {id}'),
  ...wordsOf('.env .git __proto__ constructor base.css favicon.svg'),
  '',
  '\xff',
  '\xa0',
  'x'.repeat(300),
  `${'a/'.repeat(3_000)}b`,
  LONG,
);

/** A query string, or nothing. */
export const hostileQuery = fc.oneof(
  fc.constantFrom(
    '',
    ...linesOf(`
      ?
      ?code
      ?code=a
      ?code=a&code=b
      ?state[]=1&state[a][b]=2
      ?__proto__[x]=1&constructor=1
      ?state=%&code=%ff
      ?code=%00&state=%00
      ?error=access_denied
      ?error=<script>&state=x
      ?after=1&after=2
      ?after=1e999
      ?provider=zoom&provider=zocks&authType=__proto__
      ?code=a&iss=b&response=d
      ?a#b?c
      ??&&==
      ?%
    `),
    `?code=${LONG}`,
    `?${'a&'.repeat(3_000)}`,
  ),
  latin1(40).map((text) => `?${text.replaceAll(' ', '+')}`),
);

/** A request target near one of these paths, or far from all. */
export function hostileTarget(paths: readonly string[]): fc.Arbitrary<string> {
  const near = fc
    .tuple(fc.constantFrom(...paths, ''), fc.array(segment, { minLength: 1, maxLength: 3 }))
    .map(([base, segments]) => [base, ...segments].join('/'));
  const far = fc.constantFrom(
    '',
    ...wordsOf(
      '* // /// /\\ //evil.example/oauth /./oauth /OAUTH/ ftp://x x:// javascript:alert(1)',
    ),
    ...wordsOf('http://x:999999/oauth http://[::1/oauth http://a<b/'),
  );
  const path = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...paths) },
    { weight: 3, arbitrary: near },
    { weight: 1, arbitrary: far },
  );
  return fc.tuple(path, hostileQuery).map((parts) => parts.join(''));
}
