import { z } from 'zod';
import { columnText } from '../../../text.ts';
import { classifyFailure } from '../classify.ts';
import { createRemoteCall } from '../../../remote-call.ts';
import { createOAuthCalls, secretInBody } from '../oauth-calls.ts';
import { readOAuthForm } from '../../../oauth/error-form.ts';
import type { FeatureEnvironment } from '../../feature.ts';
import type { StandIn } from '../../stand-in.ts';
import type { CreateProvider, UseResult } from '../provider.ts';
import { serviceUrl } from '../values.ts';

/** What somebody wrote down after a meeting. */
export interface Note {
  text: string;
  meeting: { title: string; heldAt: Date };
}

declare module '../provider.ts' {
  interface Connections {
    /** Absent where the deployment has no addresses of Zocks. */
    zocks?: {
      /** The latest notes about a contact, newest first. Never throws for a missing or broken connection. */
      latestNotes: (of: { email: string; limit?: number }) => Promise<UseResult<Note[]>>;
    };
  }
}

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

const Notes = z.object({
  notes: z.array(
    z.object({
      text: columnText,
      meeting: z.object({ title: columnText, held_at: z.iso.datetime({ offset: true }) }),
    }),
  ),
});

/**
 * Zocks publishes no addresses and no scope names: all of them are configuration. Nor how it reads HTTP
 * Basic, so the credentials go in the body, where there is only one way.
 */
export const createProvider: CreateProvider = ({ variables, hasDemo, timeoutMs, fetch }) => {
  const configured = readZocksVariables(variables);
  if (configured === null) return undefined;
  const { apiUrl, ...endpoints } = configured;
  const oauth = createOAuthCalls({
    ...endpoints,
    authenticate: secretInBody,
    timeoutMs,
    fetch,
  });
  const call = createRemoteCall({ timeoutMs, fetch, readForm: readOAuthForm });

  return {
    ...oauth,
    id: 'zocks',
    name: 'Zocks',
    authTypes: ['oauth2'],
    usedFor: hasDemo
      ? 'The bot answers “notes” with the note of the customer’s last meeting.'
      : null,
    neededScopes: {
      oauth2: [
        { anyOf: ['profile'], to: 'say whose it is' },
        { anyOf: ['notes.read'], to: 'read notes' },
      ],
    },
    async test({ accessToken }) {
      const url = `${apiUrl}/me`;
      const me = await call({ operation: 'GetMe', method: 'GET', url, accessToken, answer: Me });
      return { userId: me.id, accountId: me.account_id ?? null, label: me.email ?? me.id };
    },
    classifyError: (error) => classifyFailure('Zocks', error),
    openTools: (use) => ({
      latestNotes: ({ email, limit = 5 }: { email: string; limit?: number }) =>
        use(async ({ accessToken }) => {
          const query = new URLSearchParams({ contact_email: email, limit: String(limit) });
          const url = `${apiUrl}/notes?${query.toString()}`;
          const get = { operation: 'ListNotes', method: 'GET', answer: Notes } as const;
          const { notes } = await call({ ...get, url, accessToken });
          return notes.map(({ text, meeting: { title, held_at: heldAt } }): Note => {
            return { text, meeting: { title, heldAt: new Date(heldAt) } };
          });
        }),
    }),
  };
};

/** Fixed, so that a stored connection survives a restart. */
const APP = { clientId: 'shopkeeper-zocks', clientSecret: 'sandbox-zocks-client-secret' };

/** Registers the app a developer would have made at Zocks: ready to paste from the sandbox's pages. */
export function sandbox(standIn: StandIn, publicUrl: string) {
  standIn.registerZocksApp({
    ...APP,
    name: 'Shopkeeper',
    iconUrl: `${publicUrl}/favicon.svg`,
    shortDescription: 'Lets the assistant of your shop read the notes of your meetings.',
    redirectUris: [`${publicUrl}/connections/callback/zocks`],
    scopes: ['profile', 'notes.read'],
  });
  return {
    ZOCKS_AUTHORIZE_URL: `${standIn.url}/zocks/oauth/authorize`,
    ZOCKS_TOKEN_URL: `${standIn.url}/zocks/oauth/token`,
    ZOCKS_REVOKE_URL: `${standIn.url}/zocks/oauth/revoke`,
    ZOCKS_API_URL: `${standIn.url}/zocks/api/v1`,
    ZOCKS_SCOPES: undefined,
    ZOCKS_SANDBOX_CREDENTIALS: JSON.stringify({ oauth2: APP }),
  };
}
