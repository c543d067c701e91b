import fc from 'fast-check';
import { latin1, linesOf } from './hostile-text.ts';

const LONG = 'x'.repeat(7_000);

/** What tells how to read a body, or fails to. */
const contentHeader = fc.constantFrom(
  `Content-Type: ${LONG}`,
  ...linesOf(`
    Content-Type: application/json
    Content-Type: application/json; charset=utf-16
    Content-Type: application/json; charset=none
    Content-Type: application/x-www-form-urlencoded
    Content-Type: application/x-www-form-urlencoded; charset=none
    Content-Type: application/x-www-form-urlencoded;;;
    Content-Type: multipart/form-data
    Content-Type: a/b; c="
    Content-Type: /
    Content-Type: ;
    Content-Encoding: gzip
    Content-Encoding: deflate
    Content-Encoding: br
    Content-Encoding: none
    Content-Encoding: gzip, gzip
    Content-Encoding:
  `),
);

const header = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...linesOf(`
        Host: evil.example
        Host:
        Host: [::
        Host: localhost, evil.example
        X-Forwarded-For: 1.2.3.4
        X-Forwarded-For: , ,
        X-Forwarded-Host: evil.example
        X-Forwarded-Proto: javascript
        Forwarded: for=";
        Last-Event-ID: 1e300
        Last-Event-ID: -1
        Last-Event-ID: 9007199254740991
        Accept:
        Accept: */*;q=NaN
        Accept: application/json, */*
        Cookie:
        Cookie: =
        Cookie: shopkeeper
        Cookie: shopkeeper=s%3A%
        Cookie: shopkeeper=s:a.b
        Cookie: shopkeeper=j:{"a"
        Cookie: __proto__=1; constructor=2
        Cookie: a="b; shopkeeper="
        Cookie: shopkeeper_attempt_=1
        Expect: 100-continue
        Expect: nonsense
        Upgrade: websocket
        Upgrade: h2c
        Range: bytes=-
        Range: bytes=9-1,5-
        If-None-Match: *
        If-Match: "x"
        If-Modified-Since: never
        Authorization: Bearer
        X-HTTP-Method-Override: DELETE
        X-Original-URL: /metrics
        x-zm-signature: v0=
        x-zm-request-timestamp: 999999999999999
        Content-Length: -1
        Content-Length: 1, 2
        Transfer-Encoding: identity
        TE: trailers
        no colon
        : no name
      `),
      `X-Forwarded-For: ${LONG}`,
      `X-Long: ${LONG.repeat(3)}`,
      `Accept: ${'a/b,'.repeat(1_500)}`,
      `Cookie: ${'shopkeeper=s%3Aa.b; '.repeat(500)}`,
      'Last-Event-ID: \xff',
      'Accept-Language: \xe4\xff',
      'X-Api-Key: \xff\xfe',
      'X-Control: \x01\x7f',
      'X-Fold: a\r\n b',
      'X-Bare: a\nY: b',
    ),
  },
  fc
    .tuple(fc.constantFrom('Cookie', 'Accept', 'Host', 'Last-Event-ID', 'Referer'), latin1(60))
    .map(([name, value]) => `${name}: ${value}`),
);

export const contentHeaders = fc.array(contentHeader, { maxLength: 2 });

export const hostileHeaders = fc
  .tuple(contentHeaders, fc.array(header, { maxLength: 3 }))
  .map((lists) => lists.flat());
