import { afterEach, describe, expect, it } from 'vitest';
import type { Answer, OpenEndpoint } from './open-endpoint.ts';

const granted = (members: string) => ({ body: `{"access_token":"access"${members}}` });
const TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60_000;

/** What is made of the answer of a token endpoint, whoever asks it. */
export function describeTokenAnswers(whose: string, openEndpoint: OpenEndpoint): void {
  describe(`an answer of ${whose} with tokens`, () => {
    let close = () => {};
    afterEach(() => close());

    async function open(answer: Answer) {
      const endpoint = await openEndpoint(answer);
      close = endpoint.close;
      return endpoint.asks;
    }

    it.each([
      ['no token_type', ''],
      ['a token_type of its own', ',"token_type":"mac"'],
      ['a token_type that is null', ',"token_type":null'],
      ['a scope that is null', ',"scope":null'],
      ['no scopes', ',"scope":[]'],
      ['a list of scopes', ',"scope":["a","b"]'],
      ['a scope that is a map', ',"scope":{"a":true}'],
      ['a refresh token that is null', ',"refresh_token":null'],
      ['an empty refresh token', ',"refresh_token":""'],
      ['a lifetime that is null', ',"expires_in":null'],
      ['a lifetime in words', ',"expires_in":"soon"'],
      ['a negative lifetime', ',"expires_in":-1'],
      ['an id token that is none', ',"id_token":"not.a.token"'],
      ['an id token that is null', ',"id_token":null'],
      ['an id token that is a map', ',"id_token":{}'],
      ['an address that is a number', ',"api_url":7'],
    ])('is used with %s', async (_what, members) => {
      for (const ask of await open(granted(members)))
        expect(await ask()).toEqual({ accessToken: 'access' });
    });

    it.each([
      ['3600', 3_600_000],
      ['"3600"', 3_600_000],
      ['3599.7', 3_600_000],
      ['0', 0],
      ['9223372036854775807', TEN_YEARS_MS],
    ])('has a lifetime of %s', async (seconds, expiresInMs) => {
      const members = `,"expires_in":${seconds},"refresh_token":"new","id_token":[]`;
      for (const ask of await open(granted(members)))
        expect(await ask()).toEqual({ accessToken: 'access', refreshToken: 'new', expiresInMs });
    });

    it('may come with another 2xx than 200, or with a content type of its own', async () => {
      const odd = { ...granted(''), status: 201, headers: { 'Content-Type': 'text/plain' } };
      for (const ask of await open(odd)) expect(await ask()).toEqual({ accessToken: 'access' });
    });
  });
}
