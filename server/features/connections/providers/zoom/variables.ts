import { z } from 'zod';
import { serviceUrl, signingTokens } from '../../values.ts';
import type { SecretToken } from './signature.ts';
import type { FeatureEnvironment } from '../../../feature.ts';

const OAUTH_URL = 'https://zoom.us/oauth';

const Variables = z.object({
  ZOOM_OAUTH_URL: serviceUrl.default(OAUTH_URL),
  ZOOM_API_URL: serviceUrl.optional(),
  ZOOM_WEBHOOK_SECRET_TOKEN: signingTokens.optional(),
});

export const environment: FeatureEnvironment = {
  variables: Variables.shape,
  secrets: ['ZOOM_WEBHOOK_SECRET_TOKEN'],
  findProblems,
};

export function readZoomVariables(variables: Record<string, string | undefined>) {
  const env = Variables.parse(variables);
  return {
    oauthUrl: env.ZOOM_OAUTH_URL,
    /** Undefined: the address that comes with the token. */
    apiUrl: env.ZOOM_API_URL,
    /** Newest first; empty: no event of Zoom's can be verified. */
    webhookSecretTokens: (env.ZOOM_WEBHOOK_SECRET_TOKEN ?? []).map(readSecretToken),
  };
}

/** `{client id}:{secret token}` of one of several apps, or the token alone. Neither has a colon in it. */
function readSecretToken(entry: string): SecretToken {
  const [first = '', ...rest] = entry.split(':');
  if (rest.length === 0) return { clientId: null, token: first };
  return { clientId: first, token: rest.join(':') };
}

/** Zoom and Zoom for Government. A token is good, and safe, only where it came from. */
const FAMILIES = ['zoom.us', 'zoomgov.com'];

/** The family of Zoom's hosts that an address belongs to; undefined: none, a stand-in for example. */
export function zoomFamilyOf(url: string): string | undefined {
  const { hostname } = new URL(url);
  return FAMILIES.find((family) => hostname === family || hostname.endsWith(`.${family}`));
}

/** Where tokens of one family would be sent to another, or nobody knows where to. */
function findProblems(env: Record<string, string | undefined>): string[] {
  const { ZOOM_OAUTH_URL: oauthUrl = OAUTH_URL, ZOOM_API_URL: apiUrl } = env;
  if (!URL.canParse(oauthUrl)) return [];
  const family = zoomFamilyOf(oauthUrl);
  if (apiUrl === undefined) {
    if (family !== undefined) return [];
    const known = FAMILIES.join(' nor of ');
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
