import type { ConnectionHistory } from './store/connection-history.ts';
import type { ConnectionStore } from './store/connections.ts';
import type { Locks } from '../../store/tables/locks.ts';
import type { OAuthClientStore } from './store/oauth-clients.ts';
import type { RevokeConnection } from './delete-connection.ts';
import type { EditForm, EditResult } from './edit-custom.ts';
import { NameForm, readForm, TypedForm } from './forms.ts';
import { TOKEN_LOCK_TIMES, tokenLock } from './get-access.ts';
import type { ForgetTokens } from './keep-tokens.ts';
import { listChanges } from './list-changes.ts';
import type { Connection, OAuthClient } from './store/schema.ts';

/** Renames an OAuth 2.0 connection, or gives it another OAuth client and with it a new start. */
export function createEditWithClient(options: {
  connections: ConnectionStore;
  oauthClients: OAuthClientStore;
  history: ConnectionHistory;
  locks: Locks;
  revoke: RevokeConnection;
  forgetTokens: ForgetTokens;
}): (form: EditForm) => Promise<EditResult> {
  const { connections, oauthClients } = options;

  /** What the old client was given is of no use to the new one. */
  async function changeClient(connection: Connection, client: OAuthClient): Promise<void> {
    await options.revoke(connection);
    const { id } = connection;
    await options.locks.withLock(tokenLock(id), TOKEN_LOCK_TIMES, async () => {
      await options.forgetTokens(id);
      await connections.update(id, {
        oauth_client_id: client.id,
        status: 'needs_reconnect',
        reason: 'Nobody has authorized it with the new OAuth client yet.',
        check_at: null,
      });
    });
  }

  return async ({ connection, body, actor }) => {
    const form = readForm(NameForm, body);
    if (!form.ok) return form;
    const { name } = form.values;
    const { installation_id: installationId, oauth_client_id: oldId } = connection;
    const before = await oauthClients.find(installationId, oldId ?? '');
    const after = await oauthClients.find(installationId, TypedForm.parse(body).oauthClientId);
    if (after?.provider !== connection.provider)
      return { ok: false, errors: { oauthClientId: 'Choose one of the OAuth clients.' } };
    await connections.update(connection.id, { name });
    const changes = listChanges([
      { field: 'Name', from: connection.name, to: name },
      { field: 'OAuth client', from: before?.name ?? null, to: after.name },
    ]);
    await options.history.add(connection.id, { actor, text: 'Edited.', changes });
    const needsAuthorization = after.id !== oldId;
    if (needsAuthorization) await changeClient(connection, after);
    return { ok: true, needsAuthorization };
  };
}
