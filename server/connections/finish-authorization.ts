import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../errors.ts';
import type { ConnectionStore } from '../store/connections.ts';
import type { OwnerStore } from '../store/owners.ts';
import type { Connection, OAuthAttempt } from '../store/schema.ts';
import { hash, type OAuthAttempts } from '../web/oauth-attempts.ts';
import { readAuthorizationResponse } from '../web/read-authorization-response.ts';
import { flash } from '../web/sessions.ts';
import type { CompleteAuthorization } from './complete-authorization.ts';
import type { FindClient } from './find-client.ts';
import { flashOutcome } from './flash-outcome.ts';
import { paths, readConnectionPath } from './paths.ts';
import type { Provider, Tokens } from './provider.ts';
import { RemoteError } from '../remote-error.ts';

/** The redirect URI of all providers: their answer arrives with the browser. */
export function createFinishAuthorization(options: {
  publicUrl: string;
  attempts: OAuthAttempts;
  owners: OwnerStore;
  connections: ConnectionStore;
  providers: readonly Provider[];
  findClient: FindClient;
  complete: CompleteAuthorization;
}): RequestHandler {
  async function finish(request: Request, response: Response): Promise<void> {
    const callbackUrl = new URL(request.originalUrl, options.publicUrl);
    const { code, state, error } = readAuthorizationResponse(callbackUrl);
    if (state === null || (code === null && error === null)) {
      const text = 'This address is for the answer of another service, and there is none.';
      throw new AppError('callback_empty', text, 'Start again from the connection’s page.');
    }
    const provider = options.providers.find(({ id }) => id === request.params['provider']);
    if (provider === undefined)
      throw new AppError('not_found', 'There is no such page.', 'Go to the home page.');
    const { lastAuthorized } = request.session;
    if (lastAuthorized?.stateHash === hash(state)) {
      return response.redirect(303, lastAuthorized.href);
    }
    const callbackPath = paths.callback(provider.id);
    const attempt = await options.attempts.finish(request, response, {
      state,
      provider: provider.id,
      callbackPath,
    });
    const connection = await findConnection(attempt);
    response.locals['retryHref'] = attempt.return_to;
    if (error !== null) throw explainError(provider, error);
    const tokens = await exchange(provider, connection, { attempt, callbackUrl, state });
    const linked = await options.complete(connection, tokens, attempt.owner_id);
    if (linked.id === connection.id) {
      flashOutcome(request, await options.connections.find(linked.id));
    } else {
      const text = `This user was connected already as “${linked.name}”, so that connection got the new authorization.`;
      flash(request, 'ok', text);
    }
    const href = paths.one(linked.installation_id, linked.id);
    request.session.lastAuthorized = { stateHash: attempt.state_hash, href };
    response.redirect(303, href);
  }

  /** Deleted while its user was at the provider, or no longer this browser's to change. */
  async function findConnection(attempt: OAuthAttempt): Promise<Connection> {
    const target = readConnectionPath(attempt.return_to);
    const isOwned =
      target !== undefined && (await options.owners.owns(attempt.owner_id, target.installationId));
    const connection = isOwned ? await options.connections.find(target.connectionId) : undefined;
    if (connection !== undefined) return connection;
    throw new AppError('not_found', 'There is no such connection.', 'Go to the home page.');
  }

  async function exchange(
    provider: Provider,
    connection: Connection,
    answer: { attempt: { codeVerifier: string }; callbackUrl: URL; state: string },
  ): Promise<Tokens> {
    try {
      return await provider.exchange({
        client: await options.findClient(connection),
        callbackUrl: answer.callbackUrl,
        expectedState: answer.state,
        codeVerifier: answer.attempt.codeVerifier,
      });
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      const { kind, reason } = provider.classifyError(error);
      const isTheirs = kind === 'unavailable' || kind === 'busy';
      const code = isTheirs ? 'provider_unreachable' : 'provider_refused';
      throw new AppError(code, reason, 'Nothing was changed here. Start again.', { cause: error });
    }
  }

  return finish;
}

/** What the redirect says in `error` (RFC 6749 §4.1.2.1). The value itself is never shown. */
function explainError({ name }: Provider, error: string): AppError {
  if (error === 'access_denied') {
    const text = `Access was denied at ${name}, so nothing was changed here.`;
    return new AppError('consent_denied', text, 'Start again whenever you like.');
  }
  const text = `${name} refused the request.`;
  const hint = 'Compare the client id and the redirect URL with the app’s settings there.';
  return new AppError('authorization_refused', text, hint);
}
