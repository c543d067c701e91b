import { randomBytes } from 'node:crypto';
import { newId } from '../state/values.ts';
import type { AccessToken, Grant, TokenState } from './token-state.ts';

/** Seconds. */
export const ACCESS_TOKEN_LIFETIME = 3600;

/** No app needs so many within an hour; of one that asks without end, the oldest ones die. */
const KEPT = 1_000;

interface TokensOptions {
  state: TokenState;
  /** Called after each change. */
  announce: () => void;
  /** Ends every token. */
  worldSuffix: string;
}

export interface IssuedTokens {
  accessToken: string;
  refreshToken: string;
  scopes: string[];
}

export type Tokens = ReturnType<typeof createTokens>;

/** Access tokens that live an hour, and refresh tokens that are replaced by each use. */
export function createTokens({
  state: { grants, accessTokens },
  announce,
  worldSuffix,
}: TokensOptions) {
  const newToken = () => `${randomBytes(32).toString('base64url')}${worldSuffix}`;

  function issueAccessToken(of: Pick<AccessToken, 'clientId' | 'grantId' | 'scopes'>): string {
    for (const { value, expiresAt } of accessTokens.values()) {
      if (expiresAt <= Date.now()) accessTokens.delete(value);
    }
    const value = newToken();
    const expiresAt = Date.now() + ACCESS_TOKEN_LIFETIME * 1000;
    accessTokens.set(value, { ...of, value, expiresAt });
    const [oldest] = accessTokens.keys();
    if (accessTokens.size > KEPT && oldest !== undefined) accessTokens.delete(oldest);
    announce();
    return value;
  }

  function issueFor(grant: Grant): IssuedTokens {
    const { clientId, id: grantId, scopes } = grant;
    const refreshToken = newToken();
    grant.refreshToken = refreshToken;
    return { accessToken: issueAccessToken({ clientId, grantId, scopes }), refreshToken, scopes };
  }

  return {
    grant(given: Pick<Grant, 'clientId' | 'userId' | 'scopes' | 'code'>) {
      const authorizedAt = new Date().toISOString();
      const grant = { ...given, id: newId(), authorizedAt, refreshToken: null };
      grants.set(grant.id, grant);
      return issueFor(grant);
    },

    /** An access token of the application itself, without a user and without a refresh token. */
    issueToApplication: (clientId: string, scopes: string[]): string =>
      issueAccessToken({ clientId, grantId: null, scopes }),

    /** The refresh token given dies at once, older access tokens live on. Undefined: it was dead. */
    refresh(refreshToken: string, clientId: string): IssuedTokens | undefined {
      const grant = [...grants.values()].find(
        (one) => one.refreshToken === refreshToken && one.clientId === clientId,
      );
      return grant && issueFor(grant);
    },

    /** Undefined when the access token is unknown, expired or revoked. */
    find(value: string): AccessToken | undefined {
      const token = accessTokens.get(value);
      return token && token.expiresAt > Date.now() ? token : undefined;
    },

    /** By its refresh token or one of its access tokens. */
    findGrantByToken(value: string): Grant | undefined {
      const grantId = accessTokens.get(value)?.grantId;
      return [...grants.values()].find(
        ({ id, refreshToken }) => id === grantId || refreshToken === value,
      );
    },

    findGrant: ({ grantId }: AccessToken): Grant | undefined => grants.get(grantId ?? ''),

    revokeAccessToken(value: string): void {
      accessTokens.delete(value);
      announce();
    },

    /** All tokens of the grant die. */
    revoke(grant: Grant): void {
      grants.delete(grant.id);
      for (const { value, grantId } of accessTokens.values()) {
        if (grantId === grant.id) accessTokens.delete(value);
      }
      announce();
    },

    findGrantByCode: (code: string, clientId: string): Grant | undefined =>
      [...grants.values()].find((grant) => grant.code === code && grant.clientId === clientId),

    /** What the client's tokens may do beyond these scopes ends, for good. */
    narrow(clientId: string, scopes: string[]): void {
      for (const holder of [...grants.values(), ...accessTokens.values()]) {
        if (holder.clientId !== clientId) continue;
        holder.scopes = holder.scopes.filter((scope) => scopes.includes(scope));
      }
      announce();
    },

    grantsTo: (clientId: string): Grant[] =>
      [...grants.values()].filter((grant) => grant.clientId === clientId),

    grantsOf: (userId: string): Grant[] =>
      [...grants.values()].filter((grant) => grant.userId === userId),

    expireAccessTokens(): void {
      accessTokens.clear();
      announce();
    },

    killRefreshToken(grant: Grant): void {
      grant.refreshToken = null;
      announce();
    },
  };
}
