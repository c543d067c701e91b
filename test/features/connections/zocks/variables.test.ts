import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../server/config/load-config.ts';
import { connections } from '../../../../server/features/connections/index.ts';
import { readZocksVariables } from '../../../../server/features/connections/providers/zocks.ts';

const ZOCKS = {
  ZOCKS_AUTHORIZE_URL: 'https://zocks.example/authorize',
  ZOCKS_TOKEN_URL: 'https://zocks.example/token',
  ZOCKS_API_URL: 'https://zocks.example/api/',
};

/** As the app reads them when it starts. */
function read(environment: Record<string, string>) {
  return readZocksVariables(loadConfig(environment, [], [connections]).variables);
}

describe('the variables of Zocks', () => {
  it('are needed to offer it at all', () => {
    expect(read({})).toBeNull();
  });

  it('describe Zocks, with what it can do without', () => {
    expect(read(ZOCKS)).toEqual({
      authorizeUrl: 'https://zocks.example/authorize',
      tokenUrl: 'https://zocks.example/token',
      apiUrl: 'https://zocks.example/api',
      revokeUrl: undefined,
      scope: undefined,
    });
    const more = { ZOCKS_REVOKE_URL: 'https://zocks.example/revoke', ZOCKS_SCOPES: 'a b' };
    expect(read({ ...ZOCKS, ...more })).toMatchObject({
      revokeUrl: 'https://zocks.example/revoke',
      scope: 'a b',
    });
  });

  it('say what is missing of a half-described Zocks', () => {
    const { ZOCKS_API_URL: _left, ...half } = ZOCKS;
    expect(() => read(half)).toThrow('ZOCKS_API_URL is missing');
  });
});
