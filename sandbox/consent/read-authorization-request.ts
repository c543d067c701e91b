import { z } from 'zod';
import type { State } from '../state/state.ts';

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
export function readAuthorizationRequest({ clients }: State, query: unknown) {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.'));
    return { problem: `The request is not valid: ${names.join(', ')}.` };
  }
  const client = clients.get(parsed.data.client_id);
  if (!client) return { problem: 'No application has this client id.' };
  const redirectUri = parsed.data.redirect_uri ?? client.redirectUris[0] ?? '';
  if (!client.redirectUris.includes(redirectUri)) {
    return { problem: `${client.name} has not registered this redirect URI: ${redirectUri}` };
  }
  return { client, redirectUri, state: parsed.data.state };
}
