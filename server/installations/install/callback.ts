import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import { AppError } from '../../errors.ts';
import { adoptAttempts, createOtherBrowserError, type Attempt } from '../../oauth/attempts.ts';
import { answerCallback, type FinalAnswer } from '../../oauth/callback.ts';
import { isRetryable, RemoteError } from '../../remote-error.ts';
import { regenerateSession } from '../../web/sessions.ts';
import { PROVIDER } from './begin.ts';
import { completeInstall, grantAccess } from './complete.ts';
import { keepTokens } from './token.ts';

/** The redirect URI: Zendesk's answer arrives with the browser. */
export async function finishInstall(core: Core, request: Request, response: Response) {
  await core.observe.work(undefined, () =>
    answerCallback(core, request, response, {
      provider: PROVIDER,
      service: 'Zendesk',
      // An install begun on Zendesk's side has no state of ours: begin anew, with one.
      restart: () => '/install',
      findFinished: (stateHash) => findFinished(core, request, stateHash),
      admit: (attempt) => admit(core, request, attempt),
      finish: (answer) => finish(core, response, answer),
      renewSession: (ownerId) => regenerateSession(request, ownerId),
    }),
  );
}

/** A reloaded callback, long after: the attempt is gone, the installation is there. */
async function findFinished(
  { installationOwners }: Core,
  { session: { ownerId } }: Request,
  stateHash: string,
): Promise<string | undefined> {
  const id =
    ownerId === undefined ? undefined : await installationOwners.findByState(ownerId, stateHash);
  return id && `/installations/${id}`;
}

/**
 * Never joins two owners. The attempt of another one is a neighbour's that was planted here, unless the
 * session is as new as the attempt: tabs that begin at the same time get sessions of their own, and the
 * browser keeps the last.
 */
async function admit(core: Core, request: Request, attempt: Attempt): Promise<string> {
  const mine = request.session.ownerId;
  const isMine = mine === undefined || mine === attempt.owner_id;
  if (mine !== undefined && (await core.installationOwners.ownsAny(mine))) {
    if (!isMine) throw createOtherBrowserError();
    return mine;
  }
  const ownerId = isMine || attempt.outcome !== null ? attempt.owner_id : mine;
  await adoptAttempts(core, request, ownerId);
  return ownerId;
}

async function finish(core: Core, response: Response, { attempt, ownerId, code }: FinalAnswer) {
  core.observe.step({
    key: 'consent-given',
    askedAt: attempt.created_at,
    authorizationUrl: core.zendesk.authorizationUrl('').href,
  });
  const answer = await core.zendesk.exchangeCode(code).catch((failure: unknown) => {
    throw explainAuthorizationError(failure);
  });
  const installationId = await keepTokens(core, answer, ownerId);
  const { state_hash } = attempt;
  await grantAccess(core, { owner_id: ownerId, installation_id: installationId, state_hash });
  // If the next step fails, the permission is kept and the problem page can go on from here.
  response.locals['retryHref'] = `/installations/${installationId}`;
  const finalId = await completeInstall(core, installationId);
  return attempt.return_to ?? `/installations/${finalId}`;
}

/** What went wrong while the code was exchanged for a token. */
export function explainAuthorizationError(failure: unknown): AppError {
  if (!(failure instanceof RemoteError)) throw failure;
  const options = { status: 502, cause: failure };
  const { status, code } = failure;
  if (code === 'invalid_client' || (status === 401 && code !== 'invalid_grant')) {
    const text = 'Zendesk does not accept this app’s client id and client secret.';
    const hint =
      'Whoever runs this app has to put the client secret of the partner portal into OAUTH_CLIENT_SECRET and restart it.';
    return new AppError('client_refused', text, hint, options);
  }
  if (status !== undefined && !isRetryable(failure)) {
    const text = 'No permission could be obtained with the code Zendesk sent along.';
    return new AppError('token_refused', text, 'Start again.', options);
  }
  const text = 'Zendesk did not answer properly.';
  return new AppError('zendesk_unreachable', text, 'Start again in a moment.', options);
}
