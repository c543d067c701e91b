import { z } from 'zod';

/** What one user has allowed one application. */
const grantSchema = z.object({
  id: z.string(),
  clientId: z.string(),
  userId: z.string(),
  /** Those of the application when it was allowed: what it registers later does not reach them. */
  scopes: z.array(z.string()),
  authorizedAt: z.string(),
  /** The code it was given for, so that a second use of the code can end it. */
  code: z.string().optional(),
  /** null: dead, the user has to allow the application again. */
  refreshToken: z.string().nullable(),
});

const accessTokenSchema = z.object({
  value: z.string(),
  clientId: z.string(),
  /** null: the application speaks for itself. */
  grantId: z.string().nullable(),
  scopes: z.array(z.string()),
  /** Epoch milliseconds. */
  expiresAt: z.number(),
});

export const tokenSnapshotSchema = z.object({
  grants: z.array(grantSchema),
  accessTokens: z.array(accessTokenSchema),
});

export type Grant = z.infer<typeof grantSchema>;
export type AccessToken = z.infer<typeof accessTokenSchema>;
type TokenSnapshot = z.infer<typeof tokenSnapshotSchema>;

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
