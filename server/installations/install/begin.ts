import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import { beginAttempt } from '../../oauth/attempts.ts';
import { ensureOwnerId } from '../../web/sessions.ts';
import { findUnfinished } from './token.ts';

/** How an attempt of this flow is told from one of another provider. */
export const PROVIDER = 'zendesk';

/**
 * Sends the browser to Zendesk, with a state of its own. One whose last install stopped halfway goes on
 * with that one: the permission is kept, and asking for another would leave two.
 */
export async function beginInstall(core: Core, request: Request, response: Response) {
  // Whoever only looks where the address leads begins nothing; another GET will.
  if (request.method === 'HEAD') return response.redirect(302, '/');
  const ownerId = ensureOwnerId(request);
  const unfinished = await findUnfinished(core, ownerId);
  if (unfinished !== undefined) return response.redirect(303, `/installations/${unfinished}`);
  const attempt = { provider: PROVIDER, ownerId, returnTo: null };
  const { state } = await beginAttempt(core, request, response, attempt);
  response.redirect(302, core.zendesk.authorizationUrl(state).href);
}
