import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import type { StandIn } from '../stand-in.ts';
import { PROVIDER } from '../../installations/install/begin.ts';
import { findUnfinished } from '../../installations/install/token.ts';
import { beginAttempt } from '../../oauth/attempts.ts';
import { ensureOwnerId } from '../../web/sessions.ts';

/** The account of the stand-in that is installed with one click. */
const ACCOUNT = 'acme';

/**
 * The whole OAuth flow, state, code, token and webhook, but for the page that asks: the stand-in is told
 * beforehand that this one request is allowed.
 */
export async function tryNow(
  core: Core & { standIn: StandIn },
  request: Request,
  response: Response,
): Promise<void> {
  // Whoever only looks where the address leads begins nothing.
  if (request.method === 'HEAD') return response.redirect(302, '/play');
  const ownerId = ensureOwnerId(request);
  const unfinished = await findUnfinished(core, ownerId);
  if (unfinished !== undefined) return response.redirect(303, `/installations/${unfinished}`);
  const attempt = { provider: PROVIDER, ownerId, returnTo: '/play' };
  const { state } = await beginAttempt(core, request, response, attempt);
  core.standIn.allowUnasked(state, ACCOUNT);
  response.redirect(302, core.zendesk.authorizationUrl(state).href);
}
