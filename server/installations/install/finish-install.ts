import type { Request, RequestHandler, Response } from 'express';
import type { Observe } from '../../observe.ts';
import { createOtherBrowserError, type Attempt, type OAuthAttempts } from '../../oauth/attempts.ts';
import type { Log } from '../../log.ts';
import type { AnswerCallback, CallbackFlow, FinalAnswer } from '../../oauth/callback.ts';
import type { ActivityLog } from '../../store/tables/activity-log.ts';
import type { InstallationOwnerStore } from '../../store/tables/installation-owners.ts';
import type { SecretStore } from '../../store/secrets/secrets.ts';
import { regenerateSession } from '../../web/sessions.ts';
import type { Authorization } from '../../zendesk/oauth.ts';
import { grantAccess } from '../access.ts';
import type { InstallSteps } from './complete-install.ts';
import { explainAuthorizationError } from './explain-authorization-error.ts';
import { keepUndocumented } from './keep-undocumented.ts';
import { INSTALL } from './start-install.ts';

/** The redirect URI: Zendesk's answer arrives with the browser. */
export function createFinishInstall(options: {
  answerCallback: AnswerCallback;
  attempts: OAuthAttempts;
  authorization: Authorization;
  steps: InstallSteps;
  installationOwners: InstallationOwnerStore;
  activityLog: ActivityLog;
  secrets: SecretStore;
  observe: Observe;
  log: Log;
  now: () => number;
}): RequestHandler {
  const { authorization, steps, installationOwners, observe } = options;

  /** A reloaded callback, long after: the attempt is gone, the installation is there. */
  async function findFinished(request: Request, stateHash: string): Promise<string | undefined> {
    const { ownerId } = request.session;
    const id =
      ownerId === undefined ? undefined : await installationOwners.findByState(ownerId, stateHash);
    return id && `/installations/${id}`;
  }

  /**
   * Never joins two owners. The attempt of another one is a neighbour's that was planted here, unless the
   * session is as new as the attempt: tabs that begin at the same time get sessions of their own, and the
   * browser keeps the last.
   */
  async function admit(request: Request, attempt: Attempt): Promise<string> {
    const mine = request.session.ownerId;
    const isMine = mine === undefined || mine === attempt.owner_id;
    if (mine !== undefined && (await installationOwners.ownsAny(mine))) {
      if (!isMine) throw createOtherBrowserError();
      return mine;
    }
    const ownerId = isMine || attempt.outcome !== null ? attempt.owner_id : mine;
    await options.attempts.adoptHeld(request, ownerId);
    return ownerId;
  }

  async function finish(
    _request: Request,
    response: Response,
    { attempt, ownerId, code }: FinalAnswer,
  ): Promise<string> {
    observe.step({
      key: 'consent-given',
      askedAt: attempt.created_at,
      authorizationUrl: authorization.authorizationUrl('').href,
    });
    const tokens = await authorization.exchangeCode(code).catch((failure: unknown) => {
      throw explainAuthorizationError(failure);
    });
    const installationId = await steps.keepToken(tokens.accessToken, ownerId);
    await keepUndocumented(options, installationId, tokens);
    const stateHash = attempt.state_hash;
    await grantAccess(options, { ownerId, installationId, stateHash });
    // Should the next step fail, the permission is kept and the problem page can go on from here.
    response.locals['retryHref'] = `/installations/${installationId}`;
    const finalId = await steps.complete(installationId);
    if (finalId !== installationId) {
      await keepUndocumented(options, finalId, tokens);
      await grantAccess(options, { ownerId, installationId: finalId, stateHash });
    }
    return `/installations/${finalId}`;
  }

  const flow: CallbackFlow = {
    provider: INSTALL.provider,
    service: 'Zendesk',
    // An install begun on Zendesk's side has no state of ours: begin anew, with one.
    restart: () => '/install',
    findFinished,
    admit,
    finish,
    hand: regenerateSession,
  };
  return (request, response) =>
    observe.work(undefined, () => options.answerCallback(request, response, flow));
}
