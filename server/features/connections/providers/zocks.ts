import { ClientSecretPost } from 'openid-client';
import { z } from 'zod';
import { columnText } from '../../../text.ts';
import { classifyFailure } from '../classify-failure.ts';
import { createRemoteCall } from '../../../remote-call.ts';
import { createOAuthCalls } from '../create-oauth-calls.ts';
import { readOAuthForm } from '../../../oauth/error-form.ts';
import type { CreateProvider } from '../provider.ts';

const Me = z.looseObject({
  id: z.union([columnText, z.number()]).transform(String),
  email: columnText.optional(),
  account_id: columnText.nullish(),
});

/**
 * Zocks publishes no addresses and no scope names: all of them are configuration. Nor how it reads HTTP
 * Basic, so the credentials go in the body, where there is only one way.
 */
export const createProvider: CreateProvider = ({ config, timeoutMs, fetch }) => {
  if (config.zocks === null) return undefined;
  const { apiUrl, ...endpoints } = config.zocks;
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
