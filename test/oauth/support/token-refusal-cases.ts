import { afterEach, describe, expect, it } from 'vitest';
import { RemoteError } from '../../../server/remote-error.ts';
import type { Answer, OpenEndpoint } from './open-endpoint.ts';

/** What is made of a refusal, whoever asks the token endpoint. */
export function describeTokenRefusals(
  whose: string,
  openEndpoint: OpenEndpoint,
  /** What is said of `code-of-a-test and old-refresh-token of a-client-secret are bad`, by each way to ask. */
  concealed: string[],
  /** What else is to hold of a failure that is no answer of the service's. */
  checkNoAnswer: (failure: unknown) => void = () => {},
): void {
  describe(`an answer of ${whose} that refuses`, () => {
    let close = () => {};
    afterEach(() => close());

    async function open(answer: Answer) {
      const endpoint = await openEndpoint(answer);
      close = endpoint.close;
      return endpoint.asks;
    }

    it.each<[string, Answer, Partial<RemoteError>]>([
      [
        'with a challenge beside it (401)',
        {
          status: 401,
          headers: { 'WWW-Authenticate': 'Basic realm="oauth"' },
          body: '{"error":"invalid_client"}',
        },
        { status: 401, code: 'invalid_client' },
      ],
      [
        'with a challenge beside it (400)',
        {
          status: 400,
          headers: { 'WWW-Authenticate': 'Bearer' },
          body: '{"error":"invalid_grant","error_description":null}',
        },
        { status: 400, code: 'invalid_grant' },
      ],
      [
        'in the challenge alone',
        { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_client"' }, body: '' },
        { status: 401, code: 'invalid_client' },
      ],
      [
        'with a list of messages',
        { status: 400, body: '{"error":"invalid_grant","message":["used","old"]}' },
        { status: 400, code: 'invalid_grant', reason: 'used; old' },
      ],
      [
        'inside an object',
        { status: 400, body: '{"error":{"code":"invalid_grant"}}' },
        { status: 400, code: 'invalid_grant' },
      ],
      [
        'with status 200',
        { body: '{"error":"invalid_grant","error_description":"used"}' },
        { status: 400, code: 'invalid_grant', reason: 'used' },
      ],
    ])('%s is read as what it is', async (_what, answer, expected) => {
      for (const ask of await open(answer)) {
        const error: unknown = await ask().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(RemoteError);
        expect(error).toMatchObject(expected);
      }
    });

    it('and repeats what it was sent tells nobody', async () => {
      const words = 'code-of-a-test and old-refresh-token of a-client-secret are bad';
      const body = JSON.stringify({ error: 'invalid_grant', error_description: words });
      const asks = await open({ status: 400, body });
      const said = asks.map((ask) => ask().catch((thrown: unknown) => String(thrown)));
      expect(await Promise.all(said)).toEqual(concealed);
    });

    it.each<[string, Answer]>([
      [
        'a page',
        { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<h1>Sign in</h1>' },
      ],
      [
        'a page with 401',
        { status: 401, headers: { 'Content-Type': 'text/html' }, body: '<h1>No</h1>' },
      ],
      [
        'a proxy that wants a password',
        {
          status: 401,
          headers: { 'WWW-Authenticate': 'Basic realm="proxy"' },
          body: '<h1>No</h1>',
        },
      ],
      ['a page with 403', { status: 403, body: '<h1>No</h1>' }],
      ['a redirect', { status: 302, headers: { Location: 'http://localhost/' }, body: '' }],
      ['half an answer', { body: '{"access_token":"acc' }],
      ['an answer without a token', { body: '{"refresh_token":"r","token_type":"Bearer"}' }],
      ['a token that fits in no header', { body: '{"access_token":"a\\r\\nb: c"}' }],
    ])('as %s is none of the service’s, and blames nobody’s secret', async (_what, answer) => {
      const asks = await open(answer);
      for (const ask of asks) {
        const error: unknown = await ask().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(RemoteError);
        expect(error).toMatchObject({ status: undefined });
        expect(String(error)).not.toContain('a\r\nb');
        checkNoAnswer(error);
      }
    });
  });
}
