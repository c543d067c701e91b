import type { Request, Response } from 'express';
import { AppError, notFound } from '../../../errors.ts';
import { beginAttempt, createOtherBrowserError, type Attempt } from '../../../oauth/attempts.ts';
import { answerCallback, type FinalAnswer } from '../../../oauth/callback.ts';
import { RemoteError } from '../../../remote-error.ts';
import { ensureOwnerId, flash } from '../../../web/sessions.ts';
import { findClient } from '../tokens/clients.ts';
import { findProvider, type ConnectionsContext } from '../context.ts';
import { SOMEBODY_WITH_LINK } from '../store/connection-history.ts';
import { completeAuthorization } from '../saving/link-user.ts';
import { admitLink } from '../links/links.ts';
import { findOwnedConnection, paths, readConnectionPath, readReconnectPath } from './paths.ts';
import type { Provider, Tokens } from '../provider.ts';
import type { Connection } from '../store/schema.ts';
import { flashOutcome } from './connection-page.ts';

declare module 'express-session' {
  interface SessionData {
    /** The connection that a form was just sent for, on the way to its provider. */
    authorizing: string;
  }
}

/**
 * After a form: leads to the page that sends the browser on to the provider. It is a page and no redirect,
 * because browsers hold `form-action` against every redirect that follows a form, and providers sign their
 * users in on hosts that nobody can name in advance.
 */
export function startAuthorization(
  request: Request,
  response: Response,
  connection: Connection,
): void {
  request.session.authorizing = connection.id;
  response.redirect(303, paths.authorize(connection.installation_id, connection.id));
}

/** The page on the way to the provider, where its user gives this connection access. */
export async function showAuthorize(
  context: ConnectionsContext,
  request: Request,
  response: Response,
): Promise<void> {
  const { connection } = await findOwnedConnection(context, request);
  const returnTo = paths.one(connection.installation_id, connection.id);
  // Once for each form that was sent: coming back, or following a link, starts nothing.
  const isAsked = request.session.authorizing === connection.id && request.method === 'GET';
  if (!isAsked) return response.redirect(303, returnTo);
  delete request.session.authorizing;

  await leadToProvider(context, request, response, { connection, returnTo });
}

/** Begins an authorization, with a page that sends the browser on to the provider. */
export async function leadToProvider(
  context: ConnectionsContext,
  request: Request,
  response: Response,
  { connection, returnTo }: { connection: Connection; returnTo: string },
): Promise<void> {
  const provider = findProvider(context, connection.provider);
  const client = await findClient(context, connection);
  const begun = { provider: provider.id, ownerId: ensureOwnerId(request), returnTo };
  const attempt = await beginAttempt(context, request, response, begun);
  const redirectUri = `${context.config.publicUrl}${paths.callback(provider.id)}`;
  const { href } = await provider.authorize({ client, redirectUri, ...attempt });
  response.set('Refresh', `0; url=${href}`).render('connections/continue', {
    title: `On to ${provider.name}`,
    providerName: provider.name,
    href,
  });
}

/** The redirect URI of all providers: their answer arrives with the browser. */
export async function finishAuthorization(
  context: ConnectionsContext,
  request: Request,
  response: Response,
): Promise<void> {
  const provider = context.providers.find(({ id }) => id === request.params['provider']);
  if (provider === undefined) throw notFound();
  const { session } = request;
  Object.assign(response.locals, { service: provider.name, startHref: '/' });
  await answerCallback(context, request, response, {
    provider: provider.id,
    service: provider.name,
    issuer: provider.issuer,
    restart() {
      const text = `${provider.name} sent a permission that was not asked for from here, so it is not clear which connection it is for.`;
      const hint = 'Open the connection, or add one, and authorize it from its own page.';
      throw new AppError('callback_without_state', text, hint);
    },
    async findFinished(stateHash) {
      const connection = await context.connections.findByState(stateHash);
      if (connection === undefined || session.ownerId === undefined) return undefined;
      const { id, installation_id: installationId } = connection;
      const isOwned = await context.installationOwners.owns(session.ownerId, installationId);
      return isOwned ? paths.one(installationId, id) : undefined;
    },
    /** The session has to be the one that began it, and still the owner's. */
    async admit(attempt) {
      if (session.ownerId !== attempt.owner_id) throw createOtherBrowserError();
      await findAuthorizing(context, attempt);
      response.locals['startHref'] = attempt.return_to;
      return attempt.owner_id;
    },
    finish: (answer) => finish(context, provider, request, answer),
  });
}

/**
 * Deleted while its user was at the provider, or no longer this browser's to change, it is not found.
 * @param isClaimed whether a reconnect link was just used up for this.
 */
async function findAuthorizing(
  context: ConnectionsContext,
  attempt: Attempt,
  isClaimed = false,
): Promise<Connection> {
  const { installationOwners, connections, reconnectLinks } = context;
  const linkId = readReconnectPath(attempt.return_to);
  if (linkId !== undefined) {
    const link = await reconnectLinks.find(linkId);
    const asBefore = link && isClaimed ? { ...link, used_at: null } : link;
    return (await admitLink(context, asBefore)).connection;
  }
  const target = readConnectionPath(attempt.return_to);
  const isOwned =
    target !== undefined &&
    (await installationOwners.owns(attempt.owner_id, target.installationId));
  const connection = isOwned ? await connections.find(target.connectionId) : undefined;
  if (connection === undefined) throw notFound();
  return connection;
}

async function finish(
  context: ConnectionsContext,
  provider: Provider,
  request: Request,
  { attempt, ownerId, code }: FinalAnswer,
): Promise<string> {
  const linkId = readReconnectPath(attempt.return_to);
  const actor = linkId === undefined ? ownerId : SOMEBODY_WITH_LINK;
  const connection = await findAuthorizing(context, attempt);
  // Before the code is exchanged: a second authorization of the same user could end the first.
  if (linkId !== undefined && !(await context.reconnectLinks.use(linkId))) throw notFound();
  const tokens = await exchange(context, provider, connection, { code, attempt }).catch(
    async (error: unknown) => {
      if (linkId !== undefined) await context.reconnectLinks.giveBack(linkId);
      throw error;
    },
  );
  // Its owner may have lost access, or the connection its place, while the provider took its time.
  await findAuthorizing(context, attempt, true);
  const linked = await completeAuthorization(context, connection, tokens, actor);
  await context.connections.update(linked.id, { state_hash: attempt.state_hash });
  // Whoever came with a link sees nothing of the account.
  if (linkId !== undefined) return paths.reconnect(linkId);
  if (linked.id === connection.id) {
    flashOutcome(request, await context.connections.find(linked.id));
  } else {
    const text = `This user was connected already as “${linked.name}”, so that connection got the new authorization.`;
    flash(request, 'ok', text);
  }
  return paths.one(linked.installation_id, linked.id);
}

async function exchange(
  context: ConnectionsContext,
  provider: Provider,
  connection: Connection,
  { code, attempt: { codeVerifier } }: { code: string; attempt: Attempt },
): Promise<Tokens> {
  const redirectUri = `${context.config.publicUrl}${paths.callback(provider.id)}`;
  try {
    const client = await findClient(context, connection);
    return await provider.exchange({ client, redirectUri, code, codeVerifier });
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    const { kind, reason } = provider.classifyError(error);
    const isTheirs = kind === 'unavailable' || kind === 'busy';
    // Here it is the code that is no longer good; there was no authorization before.
    const words = error.reason === undefined ? '' : ` It says: “${error.reason}”.`;
    const text =
      error.code === 'invalid_grant'
        ? `${provider.name} did not accept the code it had sent along.${words}`
        : reason;
    const hint = 'Nothing was changed here. Start again.';
    const options = { status: 502, cause: error };
    throw new AppError(isTheirs ? 'provider_unreachable' : 'provider_refused', text, hint, options);
  }
}
