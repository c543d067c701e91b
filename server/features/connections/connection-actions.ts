import type { Request, RequestHandler } from 'express';
import { AppError } from '../../errors.ts';
import type { ConnectionHistory } from './store/connection-history.ts';
import type { ConnectionStore } from './store/connections.ts';
import { ensureOwnerId, flash } from '../../web/sessions.ts';
import type { DeleteConnection } from './delete-connection.ts';
import type { FindOwnedConnection } from './find-owned-connection.ts';
import { flashOutcome } from './flash-outcome.ts';
import { TypedForm } from './forms.ts';
import { paths } from './paths.ts';
import { startAuthorization } from './start-authorization.ts';
import type { TestConnection } from './test-connection.ts';

/** The buttons on a connection's page. */
export function createConnectionActions(options: {
  findOwnedConnection: FindOwnedConnection;
  connections: ConnectionStore;
  history: ConnectionHistory;
  testConnection: TestConnection;
  deleteConnection: DeleteConnection;
}) {
  const { findOwnedConnection, connections } = options;

  const note = (request: Request, connectionId: string, text: string) =>
    options.history.add(connectionId, { actor: ensureOwnerId(request), text });

  const testConnection: RequestHandler = async (request, response) => {
    const { installation, connection } = await findOwnedConnection(request);
    flashOutcome(request, await options.testConnection(connection));
    response.redirect(303, paths.one(installation.id, connection.id));
  };

  /** In place: the connection keeps its id, and with it whatever refers to it. */
  const reconnect: RequestHandler = async (request, response) => {
    const { connection } = await findOwnedConnection(request);
    if (connection.auth_type === 'oauth2') return startAuthorization(request, response, connection);
    const text = 'This connection is not authorized in the browser.';
    throw new AppError('bad_request', text, 'Edit it and enter its credentials again.');
  };

  const disable: RequestHandler = async (request, response) => {
    const { installation, connection } = await findOwnedConnection(request);
    const reason = 'Switched off by its owner.';
    await connections.update(connection.id, { status: 'disabled', reason, check_at: null });
    await note(request, connection.id, 'Disabled.');
    flash(request, 'ok', `“${connection.name}” is switched off.`);
    response.redirect(303, paths.one(installation.id, connection.id));
  };

  const enable: RequestHandler = async (request, response) => {
    const { installation, connection } = await findOwnedConnection(request);
    if (connection.status === 'disabled') {
      const reason = 'Not tested since it was switched on again.';
      await connections.update(connection.id, { status: 'needs_reconnect', reason });
      await note(request, connection.id, 'Enabled.');
    }
    flashOutcome(request, await options.testConnection(connection));
    response.redirect(303, paths.one(installation.id, connection.id));
  };

  const deleteConnection: RequestHandler = async (request, response) => {
    const { installation, connection } = await findOwnedConnection(request);
    const { withoutRevoking } = TypedForm.parse(request.body ?? {});
    const isDeleted = await options.deleteConnection(connection, {
      withoutRevoking: withoutRevoking !== '',
      ownerId: ensureOwnerId(request),
    });
    if (isDeleted) {
      flash(request, 'ok', `“${connection.name}” was deleted.`);
      return response.redirect(303, paths.list(installation.id));
    }
    const text =
      'Nothing was deleted: the access could not be revoked at the provider. Try again, or delete it without revoking.';
    flash(request, 'problem', text);
    response.redirect(303, paths.one(installation.id, connection.id));
  };

  return { testConnection, reconnect, disable, enable, deleteConnection };
}
