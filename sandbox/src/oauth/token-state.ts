import type { AccessToken, Grant, TokenSnapshot } from './records.ts';

export interface TokenState {
  grants: Map<string, Grant>;
  /** By the token itself. */
  accessTokens: Map<string, AccessToken>;
}

export function createTokenState(snapshot?: TokenSnapshot): TokenState {
  return {
    grants: new Map(snapshot?.grants.map((grant) => [grant.id, grant])),
    accessTokens: new Map(snapshot?.accessTokens.map((token) => [token.value, token])),
  };
}

export function toTokenSnapshot({ grants, accessTokens }: TokenState): TokenSnapshot {
  return { grants: [...grants.values()], accessTokens: [...accessTokens.values()] };
}
