import type { Request, RequestHandler, Response } from 'express';
import { AppError, notFound } from '../../errors.ts';
import { createOtherBrowserError, type Attempt, type AttemptNeeds } from '../../oauth/attempts.ts';
import { answerCallback, type CallbackFlow, type FinalAnswer } from '../../oauth/callback.ts';
import type { ActivityLog } from '../../store/tables/activity-log.ts';
import type { ConnectionStore } from './store/connections.ts';
import type { InstallationOwnerStore } from '../../store/tables/installation-owners.ts';
import { flash } from '../../web/sessions.ts';
import type { CompleteAuthorization } from './complete-authorization.ts';
import type { FindClient } from './find-client.ts';
import { flashOutcome } from './flash-outcome.ts';
import { paths, readConnectionPath } from './paths.ts';
import type { Provider, Tokens } from './provider.ts';
import { RemoteError } from '../../remote-error.ts';
import type { Connection } from './store/schema.ts';

/** The redirect URI of all providers: their answer arrives with the browser. */
export function createFinishAuthorization(options: {
  publicUrl: string;
  oauth: AttemptNeeds & { activityLog: ActivityLog };
  installationOwners: InstallationOwnerStore;
  connections: ConnectionStore;
  providers: readonly Provider[];
  findClient: FindClient;
  complete: CompleteAuthorization;
}): RequestHandler {
  /** The session has to be the one that began it, and still the owner's. */
  async function admit(request: Request, attempt: Attempt): Promise<string> {
    if (request.session.ownerId !== attempt.owner_id) throw createOtherBrowserError();
    await findConnection(attempt);
    return attempt.owner_id;
  }

  /** Deleted while its user was at the provider, or no longer this browser's to change. */
  async function findConnection(attempt: Attempt): Promise<Connection> {
    const target = readConnectionPath(attempt.return_to);
    const isOwned =
      target !== undefined &&
      (await options.installationOwners.owns(attempt.owner_id, target.installationId));
    const connection = isOwned ? await options.connections.find(target.connectionId) : undefined;
    if (connection !== undefined) return connection;
    throw notFound();
  }

  async function finish(
    provider: Provider,
    request: Request,
    { attempt, ownerId, code }: FinalAnswer,
  ): Promise<string> {
    const connection = await findConnection(attempt);
    const redirectUri = `${options.publicUrl}${paths.callback(provider.id)}`;
    const { codeVerifier } = attempt;
    const tokens = await exchange(provider, connection, {
      redirectUri,
      code,
      codeVerifier,
    });
    // Its owner may have lost access, or the connection its place, while the provider took its time.
    await findConnection(attempt);
    const linked = await options.complete(connection, tokens, ownerId);
    if (linked.id === connection.id) {
      flashOutcome(request, await options.connections.find(linked.id));
    } else {
      const text = `This user was connected already as “${linked.name}”, so that connection got the new authorization.`;
      flash(request, 'ok', text);
    }
    request.session.lastAuthorized = { stateHash: attempt.state_hash, connectionId: linked.id };
    return paths.one(linked.installation_id, linked.id);
  }

  async function exchange(
    provider: Provider,
    connection: Connection,
    answer: Omit<Parameters<Provider['exchange']>[0], 'client'>,
  ): Promise<Tokens> {
    try {
      return await provider.exchange({ client: await options.findClient(connection), ...answer });
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      const { kind, reason } = provider.classifyError(error);
      const isTheirs = kind === 'unavailable' || kind === 'busy';
      const code = isTheirs ? 'provider_unreachable' : 'provider_refused';
      // Here it is the code that is no longer good; there was no authorization before.
      const words = error.reason === undefined ? '' : ` It says: “${error.reason}”.`;
      const text =
        error.code === 'invalid_grant'
          ? `${provider.name} did not accept the code it had sent along.${words}`
          : reason;
      const hint = 'Nothing was changed here. Start again.';
      throw new AppError(code, text, hint, { status: 502, cause: error });
    }
  }

  function createFlow(provider: Provider, request: Request, response: Response): CallbackFlow {
    return {
      provider: provider.id,
      service: provider.name,
      issuer: provider.issuer,
      restart() {
        const text = `${provider.name} sent a permission that was not asked for from here, so it is not clear which connection it is for.`;
        const hint = 'Open the connection, or add one, and authorize it from its own page.';
        throw new AppError('callback_without_state', text, hint);
      },
      async findFinished(stateHash) {
        const { lastAuthorized } = request.session;
        if (lastAuthorized?.stateHash !== stateHash) return undefined;
        const connection = await options.connections.find(lastAuthorized.connectionId);
        return connection && paths.one(connection.installation_id, connection.id);
      },
      async admit(attempt) {
        const ownerId = await admit(request, attempt);
        response.locals['startHref'] = attempt.return_to;
        return ownerId;
      },
      finish: (answer) => finish(provider, request, answer),
    };
  }

  return async (request, response) => {
    const provider = options.providers.find(({ id }) => id === request.params['provider']);
    if (provider === undefined) throw notFound();
    Object.assign(response.locals, { service: provider.name, startHref: '/' });
    await answerCallback(options.oauth, request, response, createFlow(provider, request, response));
  };
}
