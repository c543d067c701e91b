import { z } from 'zod';
import { ACCESS_TOKEN_LIFETIME } from '../../oauth/create-tokens.ts';
import type { IssuedTokens } from '../../oauth/create-tokens.ts';
import { isVerified } from '../../oauth/read-authorization-request.ts';
import type { Zocks } from './create-zocks.ts';
import { OAuthError, readFields } from './oauth-error.ts';
import type { ZocksApp } from './zocks-state.ts';

const grantSchema = z.discriminatedUnion('grant_type', [
  z.object({
    grant_type: z.literal('authorization_code'),
    code: z.string(),
    redirect_uri: z.string(),
    code_verifier: z.string().optional(),
  }),
  z.object({ grant_type: z.literal('refresh_token'), refresh_token: z.string() }),
]);

const typeSchema = z.object({ grant_type: z.string() });

/** Returns the body of the answer to a token request. @throws an OAuthError. */
export function exchangeToken(zocks: Zocks, app: ZocksApp, input: unknown) {
  const { accessToken, refreshToken, scopes } = issue(zocks, app, readGrant(input));
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    refresh_token: refreshToken,
    expires_in: ACCESS_TOKEN_LIFETIME,
    scope: scopes.join(' '),
  };
}

function readGrant(input: unknown): z.infer<typeof grantSchema> {
  const { grant_type: type } = readFields(typeSchema, input);
  if (type !== 'authorization_code' && type !== 'refresh_token') {
    throw new OAuthError('unsupported_grant_type', `The grant type ${type} is not supported.`);
  }
  return readFields(grantSchema, input);
}

function issue(zocks: Zocks, app: ZocksApp, fields: z.infer<typeof grantSchema>): IssuedTokens {
  const { codes, tokens } = zocks;
  const { clientId } = app;
  if (!app.isEnabled) throw new OAuthError('unauthorized_client', 'The app is not enabled.');
  if (fields.grant_type === 'refresh_token') {
    const issued = tokens.refresh(fields.refresh_token, clientId);
    if (issued) return issued;
    throw new OAuthError('invalid_grant', 'The refresh token is not valid any more.');
  }
  const code = codes.spend(fields.code, clientId);
  if (!code) endGrantOf(zocks, fields.code, clientId);
  const isRight =
    code?.redirectUri === fields.redirect_uri && isVerified(code.challenge, fields.code_verifier);
  if (!isRight || zocks.refuseUser(app, code.userId) !== undefined) {
    throw new OAuthError('invalid_grant', 'The authorization code is not valid.');
  }
  const scopes = code.scopes.filter((scope) => app.scopes.includes(scope));
  return tokens.grant({ clientId, userId: code.userId, scopes, code: fields.code });
}

/** RFC 6749 §4.1.2: a code used twice may be stolen, so what it gave is taken back. */
function endGrantOf({ tokens }: Zocks, code: string, clientId: string): void {
  const grant = tokens.findGrantByCode(code, clientId);
  if (grant) tokens.revoke(grant);
}
