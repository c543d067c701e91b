import { z } from 'zod';
import { serviceUrl, signingTokens } from './config-values.ts';

/** The part of the environment that says where other services are. */
export const connectionVariables = {
  ZOOM_OAUTH_URL: serviceUrl.default('https://zoom.us/oauth'),
  ZOOM_API_URL: serviceUrl.optional(),
  ZOOM_WEBHOOK_SECRET_TOKEN: signingTokens.optional(),
  ZOCKS_AUTHORIZE_URL: serviceUrl.optional(),
  ZOCKS_TOKEN_URL: serviceUrl.optional(),
  ZOCKS_REVOKE_URL: serviceUrl.optional(),
  ZOCKS_API_URL: serviceUrl.optional(),
  ZOCKS_SCOPES: z.string().min(1).optional(),
};

const Variables = z.object(connectionVariables);

export type ConnectionConfig = ReturnType<typeof readConnectionConfig>;

export function readConnectionConfig(env: z.infer<typeof Variables>) {
  return {
    zoom: {
      oauthUrl: env.ZOOM_OAUTH_URL,
      /** Undefined: the address that comes with the token. */
      apiUrl: env.ZOOM_API_URL,
      /** Newest first; empty: no event of Zoom's can be verified. */
      webhookSecretTokens: env.ZOOM_WEBHOOK_SECRET_TOKEN ?? [],
    },
    zocks: readZocks(env),
  };
}

/** Null without what cannot be done without; findConnectionProblems refuses a half of it. */
function readZocks(env: z.infer<typeof Variables>) {
  const { ZOCKS_AUTHORIZE_URL, ZOCKS_TOKEN_URL, ZOCKS_API_URL } = env;
  if (!ZOCKS_AUTHORIZE_URL || !ZOCKS_TOKEN_URL || !ZOCKS_API_URL) return null;
  return {
    authorizeUrl: ZOCKS_AUTHORIZE_URL,
    tokenUrl: ZOCKS_TOKEN_URL,
    revokeUrl: env.ZOCKS_REVOKE_URL,
    apiUrl: ZOCKS_API_URL,
    scope: env.ZOCKS_SCOPES,
  };
}

/** What only matters in combination. */
export function findConnectionProblems(
  env: Record<string, string | undefined>,
  production: boolean,
): string[] {
  const needed = ['ZOCKS_AUTHORIZE_URL', 'ZOCKS_TOKEN_URL', 'ZOCKS_API_URL'];
  const missing = needed.filter((name) => env[name] === undefined);
  const isHalf = missing.length > 0 && missing.length < needed.length;
  const urls = Object.keys(connectionVariables).filter((name) => name.endsWith('_URL'));
  const insecure = production ? urls.filter((name) => /^http:/i.test(env[name] ?? '')) : [];
  return [
    ...(isHalf ? missing : []).map(
      (name) => `${name} is missing: Zocks connections need ${needed.join(', ')}, or none of them`,
    ),
    ...insecure.map(
      (name) => `${name} must start with https:// in production: credentials are sent there`,
    ),
  ];
}
