import { createHash } from 'node:crypto';
import { z } from 'zod';

/** A parameter given twice is an array here, and refused. */
const querySchema = z.object({
  client_id: z.string(),
  response_type: z.literal('code'),
  redirect_uri: z.string(),
  state: z.string().optional(),
  scope: z.string().default(''),
  code_challenge: z
    .string()
    .regex(/^[A-Za-z0-9._~-]{43,128}$/)
    .optional(),
  // RFC 7636 §4.3: whoever leaves it out means `plain`.
  code_challenge_method: z.enum(['plain', 'S256']).default('plain'),
});

export interface AskingApp {
  clientId: string;
  name: string;
  redirectUris: string[];
  scopes: string[];
  /** Why nobody can allow it now; absent: everybody can. */
  refusal?: string | undefined;
}

interface AuthorizationRequest<App> {
  app: App;
  redirectUri: string;
  state: string | undefined;
  scopes: string[];
  challenge: CodeChallenge | undefined;
}

/**
 * What an application asks for, or the sentence for the person in front of the browser. An
 * application or redirect URI that is not known must never be redirected to.
 */
export function readAuthorizationRequest<App extends AskingApp>(
  findApp: (clientId: string) => App | undefined,
  query: unknown,
): AuthorizationRequest<App> | { problem: string } {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.'));
    return { problem: `The request is not valid: ${names.join(', ')}.` };
  }
  const { client_id, redirect_uri, state, scope, code_challenge } = parsed.data;
  const app = findApp(client_id);
  if (!app) return { problem: 'No application has this client id.' };
  if (app.refusal !== undefined) return { problem: app.refusal };
  if (!app.redirectUris.includes(redirect_uri)) {
    return { problem: `${app.name} has not registered this Redirect URL: ${redirect_uri}` };
  }
  const asked = scope.split(' ').filter((name) => name !== '');
  const unknown = asked.filter((name) => !app.scopes.includes(name));
  if (unknown.length > 0) {
    return { problem: `${app.name} has not registered these scopes: ${unknown.join(', ')}` };
  }
  const method = parsed.data.code_challenge_method;
  const challenge = code_challenge === undefined ? undefined : { value: code_challenge, method };
  const scopes = asked.length === 0 ? app.scopes : asked;
  return { app, redirectUri: redirect_uri, state, scopes, challenge };
}

export interface CodeChallenge {
  value: string;
  method: 'plain' | 'S256';
}

/** RFC 7636 §4.1: 43 to 128 unreserved characters. */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** Whether the verifier answers the challenge. One without the other is refused, as RFC 9700 asks. */
export function isVerified(challenge: CodeChallenge | undefined, verifier: string | undefined) {
  if (!challenge || verifier === undefined) return !challenge && verifier === undefined;
  if (!VERIFIER.test(verifier)) return false;
  const answer =
    challenge.method === 'S256'
      ? createHash('sha256').update(verifier).digest('base64url')
      : verifier;
  return answer === challenge.value;
}
