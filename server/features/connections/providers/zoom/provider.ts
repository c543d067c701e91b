import { cutText, columnText } from '../../../../text.ts';
import { z } from 'zod';
import { describeZoomApp } from './manifest.ts';
import { neededScopes } from './scopes.ts';
import { withRetryAfter } from './limits.ts';
import { readZoomVariables, zoomFamilyOf } from './variables.ts';
import { AppError } from '../../../../errors.ts';
import { classifyFailure } from '../../classify.ts';
import { createRemoteCall } from '../../../../remote-call.ts';
import { basicAsIs, createOAuthCalls } from '../../oauth-calls.ts';
import { readOAuthForm } from '../../../../oauth/error-form.ts';
import type { Access, CreateProvider, Failure } from '../../provider.ts';
import type { RemoteError } from '../../../../remote-error.ts';

type Meeting =
  | { ok: true; joinUrl: string }
  /** `problem` says what is missing or wrong, and what an administrator can do about it. */
  | { ok: false; problem: string };

declare module '../../provider.ts' {
  interface Connections {
    zoom: {
      /** Schedules a meeting that starts now. Never throws for a missing or broken connection. */
      createMeeting: (meeting: { topic: string }) => Promise<Meeting>;
    };
  }
}

const User = z.object({
  id: columnText,
  email: columnText.optional(),
  account_id: columnText.nullish(),
});
const Users = z.object({ users: z.array(User) });
/** `start_url` is left out on purpose: it lets whoever has it host the meeting. */
const CreatedMeeting = z.object({ join_url: z.url({ protocol: /^https?$/ }) });

const MEETING_MINUTES = 30;
/** "topic: meeting's topic, max 200" (Zoom, create a meeting). */
const MAX_TOPIC_LENGTH = 200;

/** Zoom's own numbers (Zoom, OAuth error codes), sent as `code` or inside the words. */
const DEAD: Record<string, string> = {
  4733: 'The authorization code had expired.',
  4734: 'The authorization code was not valid.',
  4735: 'The Zoom user who gave access no longer exists.',
  4737: 'Zoom knows no such authorization any more.',
  4738: 'A Zoom administrator withdrew the permission for this app.',
  4740: 'The refresh token was used twice.',
  4741: 'The same Zoom user authorized this app again somewhere else, which ended this access.',
};
const REFUSED: Record<string, string> = {
  4702: 'Zoom does not know this client id.',
  4704: 'Zoom does not accept the client secret.',
  4705: 'This kind of Zoom app does not offer this auth type.',
  4709: 'The redirect URL is not the one registered in the Zoom app.',
  4711: 'The scopes of the Zoom app were changed. Reconnect, so that its user agrees to them.',
  4717: 'The Zoom app is deactivated.',
};

export const createProvider: CreateProvider = ({ variables, hasDemo, timeoutMs, fetch: send }) => {
  const fetch = withRetryAfter(send);
  const { oauthUrl, apiUrl } = readZoomVariables(variables);
  const oauth = createOAuthCalls({
    authorizeUrl: `${oauthUrl}/authorize`,
    tokenUrl: `${oauthUrl}/token`,
    revokeUrl: `${oauthUrl}/revoke`,
    // Its ids contain `-` and `_`, and its own sample sends them as they are.
    authenticate: basicAsIs,
    timeoutMs,
    fetch,
  });
  const call = createRemoteCall({ timeoutMs, fetch, readForm: readOAuthForm });

  /**
   * The configured address, or the one of its region that came with the token, as long as the token stays
   * in the family of hosts that it came from.
   */
  function baseUrl(access: Access): string {
    if (apiUrl !== undefined) return apiUrl;
    const family = zoomFamilyOf(oauthUrl) ?? 'Zoom';
    const given = access.apiUrl ?? `https://api.${family}`;
    const url = URL.canParse(given) ? new URL(given) : undefined;
    const isOfFamily = url?.origin.startsWith('https://api') && zoomFamilyOf(given) === family;
    if (url !== undefined && isOfFamily && url.port === '') return `${url.origin}/v2`;
    throw new AppError(
      'provider_refused',
      `Zoom named an address of its API that is none of ${family}, so the access was not sent there.`,
      'Whoever runs this app has to compare ZOOM_OAUTH_URL and ZOOM_API_URL with the kind of Zoom account this is.',
      { status: 502 },
    );
  }

  async function findUser(access: Access) {
    const get = { method: 'GET', accessToken: access.accessToken } as const;
    if (access.authType === 'oauth2') {
      const url = `${baseUrl(access)}/users/me`;
      return await call({ ...get, operation: 'GetUser', url, answer: User });
    }
    // Zoom's documents disagree on whether `me` exists for Server-to-Server OAuth.
    const url = `${baseUrl(access)}/users?page_size=1`;
    const { users } = await call({ ...get, operation: 'ListUsers', url, answer: Users });
    return users[0];
  }

  async function findHost(access: Access): Promise<string> {
    if (access.authType === 'oauth2') return 'me';
    return access.hostUser ?? (await findUser(access))?.id ?? 'me';
  }

  return {
    ...oauth,
    id: 'zoom',
    name: 'Zoom',
    authTypes: ['oauth2', 'custom'],
    usedFor: hasDemo ? 'The bot answers “meet” with the link of a Zoom meeting.' : null,
    neededScopes,

    requestAccess: (client, accountId) =>
      oauth.requestToken(client, 'account_credentials', { account_id: accountId }),

    async test(access) {
      const user = await findUser(access);
      return {
        userId: access.authType === 'oauth2' ? (user?.id ?? null) : null,
        accountId: user?.account_id ?? null,
        label: access.hostUser ?? user?.email ?? user?.id ?? 'a Zoom account without users',
      };
    },

    classifyError,
    describeApp: describeZoomApp,

    openTools: (use) => ({
      async createMeeting({ topic }: { topic: string }): Promise<Meeting> {
        const result = await use(async (access) => {
          const host = encodeURIComponent(await findHost(access));
          return await call({
            operation: 'CreateMeeting',
            method: 'POST',
            url: `${baseUrl(access)}/users/${host}/meetings`,
            accessToken: access.accessToken,
            body: {
              topic: cutText(topic, MAX_TOPIC_LENGTH),
              type: 2,
              start_time: `${new Date().toISOString().slice(0, 19)}Z`,
              duration: MEETING_MINUTES,
            },
            answer: CreatedMeeting,
          });
        });
        if (result.ok) return { ok: true, joinUrl: result.value.join_url };
        return { ok: false, problem: explainLimit(result.error) ?? result.problem };
      },
    }),
  };
};

/**
 * "100 create/update requests per host and day, reset at 00:00 UTC" (Zoom, rate limits). The day's limit of the
 * whole account is another one, and its words name no user.
 */
function explainLimit(error: RemoteError | undefined): string | undefined {
  if (error?.status !== 429 || !/\bdaily\b.*\buser\b/i.test(error.reason ?? '')) return undefined;
  return 'Zoom allows each host 100 new meetings a day, and today’s are used up. New ones are possible after midnight UTC.';
}

function classifyError(error: RemoteError): Failure {
  const number = /\b47\d\d\b/.exec(`${error.code} ${error.reason}`)?.[0] ?? '';
  // Zoom Phone uses 104 for what all others call 4711; of a refresh token it means something else.
  const isApi = error.operation !== 'Token';
  if ((number === '4711' && isApi) || error.code === '104')
    return { kind: 'scope', reason: nameScope(error) };
  const dead = DEAD[number];
  if (dead !== undefined) return { kind: 'dead', reason: dead };
  const refused = REFUSED[number];
  if (refused !== undefined) return { kind: 'refused', reason: refused };
  // The same words come with status 400 and 401, with `invalid_grant` and with `invalid_request`.
  const { operation, status, reason } = error;
  const code = reason === 'Invalid Token!' ? 'invalid_grant' : error.code;
  return classifyFailure('Zoom', { operation, status, reason, code });
}

/** Zoom answers a missing scope with status 400 and the scopes in brackets. */
function nameScope({ reason = '' }: RemoteError): string {
  const scopes = /scopes?:?\s*\[([^\]]+)\]/.exec(reason)?.[1];
  const which = scopes === undefined ? 'a scope' : `the scope ${scopes}`;
  return `Connected, but ${which} is missing: add it to the Zoom app, then reconnect.`;
}
