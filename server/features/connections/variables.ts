import { z } from 'zod';
import type { FeatureEnvironment } from '../feature.ts';
import { serviceUrl, signingTokens } from '../../config/values.ts';

const ZOOM_OAUTH_URL = 'https://zoom.us/oauth';

/** The part of the environment that says where other services are. */
const connectionVariables = {
  ZOOM_OAUTH_URL: serviceUrl.default(ZOOM_OAUTH_URL),
  ZOOM_API_URL: serviceUrl.optional(),
  ZOOM_WEBHOOK_SECRET_TOKEN: signingTokens.optional(),
  ZOCKS_AUTHORIZE_URL: serviceUrl.optional(),
  ZOCKS_TOKEN_URL: serviceUrl.optional(),
  ZOCKS_REVOKE_URL: serviceUrl.optional(),
  ZOCKS_API_URL: serviceUrl.optional(),
  ZOCKS_SCOPES: z.string().min(1).optional(),
};

const Variables = z.object(connectionVariables);

/** Zoom and Zoom for Government. A token is good, and safe, only where it came from. */
const ZOOM_FAMILIES = ['zoom.us', 'zoomgov.com'];

/** The family of Zoom's hosts that an address belongs to; undefined: none, a stand-in for example. */
export function zoomFamilyOf(url: string): string | undefined {
  const { hostname } = new URL(url);
  return ZOOM_FAMILIES.find((family) => hostname === family || hostname.endsWith(`.${family}`));
}

export type ConnectionConfig = ReturnType<typeof readConnectionConfig>;

/** @param variables as they were given, without a problem. */
export function readConnectionConfig(variables: Record<string, string | undefined>) {
  const env = Variables.parse(variables);
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

export const environment: FeatureEnvironment = {
  variables: connectionVariables,
  secrets: ['ZOOM_WEBHOOK_SECRET_TOKEN'],
  findProblems: findConnectionProblems,
};

/** What only matters in combination. */
function findConnectionProblems(
  env: Record<string, string | undefined>,
  production: boolean,
): string[] {
  const needed = ['ZOCKS_AUTHORIZE_URL', 'ZOCKS_TOKEN_URL', 'ZOCKS_API_URL'];
  const missing = needed.filter((name) => env[name] === undefined);
  const isHalf = missing.length > 0 && missing.length < needed.length;
  const urls = Object.keys(connectionVariables).filter((name) => name.endsWith('_URL'));
  const insecure = production ? urls.filter((name) => /^http:/i.test(env[name] ?? '')) : [];
  return [
    ...findZoomProblems(env),
    ...(isHalf ? missing : []).map(
      (name) => `${name} is missing: Zocks connections need ${needed.join(', ')}, or none of them`,
    ),
    ...insecure.map(
      (name) => `${name} must start with https:// in production: credentials are sent there`,
    ),
  ];
}

/** Where tokens of one family would be sent to another, or nobody knows where to. */
function findZoomProblems(env: Record<string, string | undefined>): string[] {
  const { ZOOM_OAUTH_URL: oauthUrl = ZOOM_OAUTH_URL, ZOOM_API_URL: apiUrl } = env;
  if (!URL.canParse(oauthUrl)) return [];
  const family = zoomFamilyOf(oauthUrl);
  if (apiUrl === undefined) {
    if (family !== undefined) return [];
    const known = ZOOM_FAMILIES.join(' nor of ');
    return [
      `ZOOM_API_URL is missing: ZOOM_OAUTH_URL is no address of ${known}, so its API has to be named too`,
    ];
  }
  if (!URL.canParse(apiUrl)) return [];
  const other = zoomFamilyOf(apiUrl);
  if (family === undefined || other === undefined || other === family) return [];
  return [
    `ZOOM_API_URL must be an address of ${family}, as ZOOM_OAUTH_URL is: tokens are good only where they came from`,
  ];
}
