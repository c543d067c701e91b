import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../errors.ts';
import type { Tracer } from '../explain/create-tracer.ts';
import type { ActivityStore } from '../store/activity.ts';
import type { OwnerStore } from '../store/owners.ts';
import { hash, type OAuthAttempts } from '../web/oauth-attempts.ts';
import { readAuthorizationResponse } from '../web/read-authorization-response.ts';
import { regenerateSession } from '../web/sessions.ts';
import type { Authorization } from '../zendesk/authorization.ts';
import { grantAccess } from './access.ts';
import type { InstallSteps } from './complete-install.ts';
import { explainAuthorizationError, explainErrorCode } from './explain-authorization-error.ts';
import { noteConsent } from './note-consent.ts';
import { INSTALL } from './start-install.ts';

/** The redirect URI: Zendesk's answer arrives with the browser. */
export function createFinishInstall(options: {
  publicUrl: string;
  attempts: OAuthAttempts;
  authorization: Authorization;
  steps: InstallSteps;
  owners: OwnerStore;
  activity: ActivityStore;
  tracer: Tracer;
}): RequestHandler {
  const { attempts, authorization, steps, owners, tracer } = options;

  async function finish(request: Request, response: Response): Promise<void> {
    const callbackUrl = new URL(request.originalUrl, options.publicUrl);
    const { code, state, error } = readAuthorizationResponse(callbackUrl);
    if (state === null) {
      if (error !== null) throw explainErrorCode(error);
      if (code === null)
        throw new AppError('callback_empty', 'Zendesk sent no answer along.', 'Start again.');
      // An install begun on Zendesk's side has no state of ours: begin anew, with one.
      return response.redirect(302, '/install');
    }

    const finished = await findFinished(request, state);
    if (finished !== undefined) return response.redirect(303, `/installations/${finished}`);

    const attempt = await attempts
      .finish(request, response, { ...INSTALL, state })
      .catch((failure: unknown) => {
        throw error === null ? failure : explainErrorCode(error);
      });
    noteConsent({ tracer, attempt, authorization, callbackUrl });
    const token = await authorization.exchangeCode(callbackUrl, state).catch((failure: unknown) => {
      throw explainAuthorizationError(failure);
    });
    const installationId = await steps.keepToken(token);
    // Two tabs may have started without knowing of each other's session: the newest one decides.
    const ownerId = request.session.ownerId ?? attempt.owner_id;
    request.session.ownerId = ownerId;
    await grantAccess(options, { ownerId, installationId, stateHash: attempt.state_hash });
    // Should the next step fail, the permission is kept and the problem page can go on from here.
    response.locals['retryHref'] = `/installations/${installationId}`;
    const finalId = await steps.complete(installationId);
    if (finalId !== installationId) {
      await grantAccess(options, {
        ownerId,
        installationId: finalId,
        stateHash: attempt.state_hash,
      });
    }
    await regenerateSession(request, ownerId);
    response.redirect(303, `/installations/${finalId}`);
  }

  /** A reloaded callback: the state is used up, the installation is there. */
  async function findFinished(request: Request, state: string): Promise<string | undefined> {
    const { ownerId } = request.session;
    return ownerId === undefined ? undefined : await owners.findByState(ownerId, hash(state));
  }

  return (request, response) => tracer.run(() => finish(request, response));
}
