import type { Request, RequestHandler, Response } from 'express';
import type { ConnectionHistory, FieldChange } from '../store/connection-history.ts';
import type { ConnectionStore } from '../store/connections.ts';
import { isUniqueViolation } from '../store/is-unique-violation.ts';
import type { OAuthClientStore } from '../store/oauth-clients.ts';
import type { Connection, Installation } from '../store/schema.ts';
import { ensureOwnerId, flash } from '../web/sessions.ts';
import { NAME_TAKEN } from './add-with-client.ts';
import type { RevokeConnection } from './delete-connection.ts';
import type { FindOwnedConnection } from './find-owned-connection.ts';
import type { FindProvider } from './find-provider.ts';
import { flashOutcome } from './flash-outcome.ts';
import { CustomForm, NameForm, readForm, TypedForm } from './forms.ts';
import type { KeepCustom } from './keep-custom.ts';
import type { ForgetTokens } from './keep-tokens.ts';
import { paths } from './paths.ts';
import type { ShowConnection } from './show-connection.ts';
import type { StartAuthorization } from './start-authorization.ts';
import { isUsable, tryCredentials } from './try-credentials.ts';

interface Edit {
  request: Request;
  response: Response;
  at: { installation: Installation; connection: Connection };
}

/** The edit form of a connection was sent. */
export function createEditConnection(options: {
  findOwnedConnection: FindOwnedConnection;
  findProvider: FindProvider;
  connections: ConnectionStore;
  oauthClients: OAuthClientStore;
  history: ConnectionHistory;
  keepCustom: KeepCustom;
  revoke: RevokeConnection;
  forgetTokens: ForgetTokens;
  startAuthorization: StartAuthorization;
  show: ShowConnection;
}): RequestHandler {
  const { connections, oauthClients, show } = options;

  async function note({ request, at }: Edit, changes: FieldChange[]): Promise<void> {
    const changed = changes.filter(({ from, to }) => from !== to);
    if (changed.length === 0) return;
    const actor = ensureOwnerId(request);
    await options.history.add(at.connection.id, { actor, text: 'Edited.', changes: changed });
  }

  async function editWithClient(edit: Edit): Promise<void> {
    const { request, response, at } = edit;
    const { installation, connection } = at;
    const body: unknown = request.body;
    const form = readForm(NameForm, body);
    if (!form.ok) return show(request, response, at, { body, errors: form.errors });
    const { name } = form.values;
    const [before, after] = await Promise.all([
      oauthClients.find(installation.id, connection.oauth_client_id ?? ''),
      oauthClients.find(installation.id, TypedForm.parse(body).oauthClientId),
    ]);
    if (after?.provider !== connection.provider) {
      const errors = { oauthClientId: 'Choose one of the OAuth clients.' };
      return show(request, response, at, { body, errors });
    }
    await connections.update(connection.id, { name });
    await note(edit, [
      { field: 'Name', from: connection.name, to: name },
      { field: 'OAuth client', from: before?.name ?? null, to: after.name },
    ]);
    if (after.id === connection.oauth_client_id) {
      flash(request, 'ok', 'Saved.');
      return response.redirect(303, paths.one(installation.id, connection.id));
    }
    // What the old client was given is of no use to the new one.
    await options.revoke(connection);
    await options.forgetTokens(connection.id);
    await connections.update(connection.id, {
      oauth_client_id: after.id,
      status: 'needs_reconnect',
      reason: 'Nobody has authorized it with the new OAuth client yet.',
      check_at: null,
    });
    const changed = (await connections.find(connection.id)) ?? connection;
    await options.startAuthorization(request, response, changed);
  }

  async function editCustom(edit: Edit): Promise<void> {
    const { request, response, at } = edit;
    const { installation, connection } = at;
    const body: unknown = request.body;
    const form = readForm(CustomForm, body);
    if (!form.ok) return show(request, response, at, { body, errors: form.errors });
    const input = form.values;
    const trial = await tryCredentials(options.findProvider(connection.provider), input);
    if (!isUsable(trial) && TypedForm.parse(body).keepIfFailing === '') {
      const problem = `The test was not successful, so nothing was changed. ${trial.failure?.reason}`;
      return show(request, response, at, { body, errors: {}, problem });
    }
    await options.keepCustom(connection, input, trial);
    await note(edit, [
      { field: 'Name', from: connection.name, to: input.name },
      { field: 'Account id', from: connection.account_id, to: input.accountId },
      { field: 'Client id', from: connection.client_id, to: input.clientId },
      { field: 'Host', from: connection.host_user, to: input.hostUser },
    ]);
    flashOutcome(request, await connections.find(connection.id));
    response.redirect(303, paths.one(installation.id, connection.id));
  }

  return async (request, response) => {
    const at = await options.findOwnedConnection(request);
    const edit = at.connection.auth_type === 'oauth2' ? editWithClient : editCustom;
    try {
      await edit({ request, response, at });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      await show(request, response, at, { body: request.body, errors: NAME_TAKEN });
    }
  };
}
