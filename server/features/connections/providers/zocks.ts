import { ClientSecretPost } from 'openid-client';
import { z } from 'zod';
import { columnText } from '../../../text.ts';
import { classifyFailure } from '../classify.ts';
import { createRemoteCall } from '../../../remote-call.ts';
import { createOAuthCalls } from '../oauth-calls.ts';
import { readOAuthForm } from '../../../oauth/error-form.ts';
import type { FeatureEnvironment, StandIn } from '../../feature.ts';
import type { CreateProvider } from '../provider.ts';
import { serviceUrl } from '../values.ts';

const NEEDED = ['ZOCKS_AUTHORIZE_URL', 'ZOCKS_TOKEN_URL', 'ZOCKS_API_URL'];
const Variables = z.object({
  ZOCKS_AUTHORIZE_URL: serviceUrl.optional(),
  ZOCKS_TOKEN_URL: serviceUrl.optional(),
  ZOCKS_REVOKE_URL: serviceUrl.optional(),
  ZOCKS_API_URL: serviceUrl.optional(),
  ZOCKS_SCOPES: z.string().min(1).optional(),
});

export const environment: FeatureEnvironment = {
  variables: Variables.shape,
  findProblems(env) {
    const missing = NEEDED.filter((name) => env[name] === undefined);
    if (missing.length === NEEDED.length) return [];
    const what = `Zocks connections need ${NEEDED.join(', ')}, or none of them`;
    return missing.map((name) => `${name} is missing: ${what}`);
  },
};

/** Null without what cannot be done without. */
export function readZocksVariables(variables: Record<string, string | undefined>) {
  const env = Variables.parse(variables);
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

const Me = z.looseObject({
  id: z.union([columnText, z.number()]).transform(String),
  email: columnText.optional(),
  account_id: columnText.nullish(),
});

/**
 * Zocks publishes no addresses and no scope names: all of them are configuration. Nor how it reads HTTP
 * Basic, so the credentials go in the body, where there is only one way.
 */
export const createProvider: CreateProvider = ({ variables, timeoutMs, fetch }) => {
  const configured = readZocksVariables(variables);
  if (configured === null) return undefined;
  const { apiUrl, ...endpoints } = configured;
  const oauth = createOAuthCalls({
    ...endpoints,
    authenticate: ClientSecretPost,
    timeoutMs,
    fetch,
  });
  const call = createRemoteCall({ timeoutMs, fetch, readForm: readOAuthForm });

  return {
    ...oauth,
    id: 'zocks',
    name: 'Zocks',
    authTypes: ['oauth2'],
    usedFor: null,
    async test({ accessToken }) {
      const url = `${apiUrl}/me`;
      const me = await call({ operation: 'GetMe', method: 'GET', url, accessToken, answer: Me });
      return { userId: me.id, accountId: me.account_id ?? null, label: me.email ?? me.id };
    },
    classifyError: (error) => classifyFailure('Zocks', error),
  };
};

/** Registers the app a developer would have made at Zocks: ready to paste from the sandbox's pages. */
export function sandbox(standIn: StandIn, publicUrl: string) {
  standIn.registerZocksApp({
    clientId: 'shopkeeper-zocks',
    clientSecret: 'sandbox-zocks-client-secret',
    name: 'Shopkeeper',
    iconUrl: `${publicUrl}/favicon.svg`,
    shortDescription: 'Lets the assistant of your shop know whose Zocks account it works with.',
    redirectUris: [`${publicUrl}/connections/callback/zocks`],
    scopes: ['profile'],
  });
  return {
    ZOCKS_AUTHORIZE_URL: `${standIn.url}/zocks/oauth/authorize`,
    ZOCKS_TOKEN_URL: `${standIn.url}/zocks/oauth/token`,
    ZOCKS_REVOKE_URL: `${standIn.url}/zocks/oauth/revoke`,
    ZOCKS_API_URL: `${standIn.url}/zocks/api/v1`,
    ZOCKS_SCOPES: undefined,
  };
}
