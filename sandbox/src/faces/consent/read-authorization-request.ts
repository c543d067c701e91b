import { z } from 'zod';
import type { State } from '../../state/state.ts';

/** A parameter given twice is an array here, and refused. */
const querySchema = z.object({
  client_id: z.string(),
  response_type: z.literal('code'),
  redirect_uri: z.string().optional(),
  state: z.string().optional(),
});

/**
 * What a client asks for, or the sentence for the person in front of the browser. A client or
 * redirect URI we do not know must never be redirected to.
 */
export function readAuthorizationRequest(state: State, query: unknown) {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.'));
    return { problem: `The request is not valid: ${names.join(', ')}.` };
  }
  const app = state.clients.get(parsed.data.client_id);
  if (!app) return { problem: 'No application has this client id.' };
  if (app.disabled !== null) return { problem: app.disabled };
  const redirectUri = parsed.data.redirect_uri ?? app.redirectUris[0] ?? '';
  if (!app.redirectUris.includes(redirectUri)) {
    return { problem: `${app.details.name} has not registered this Redirect URL: ${redirectUri}` };
  }
  return { app, redirectUri, state: parsed.data.state };
}
