import { createClient } from '../tokens/clients.ts';
import type { ConnectionsContext } from '../context.ts';
import { revoke } from '../end/end.ts';
import { ClientForm, NameForm, readForm, TypedForm } from './forms.ts';
import {
  createConnection,
  NAME_TAKEN,
  type AddResult,
  type EditForm,
  type EditResult,
  type NewForm,
  type Refused,
} from './save.ts';
import type { Connection, OAuthClient } from '../store/schema.ts';
import { forgetTokens, holdTokens } from '../tokens/tokens.ts';

/** Adds an OAuth 2.0 connection that still has to be authorized. */
export async function addWithClient(
  context: ConnectionsContext,
  form: NewForm,
): Promise<AddResult> {
  const choice = await chooseClient(context, form);
  if (!choice.ok) return choice;
  const connection = await createConnection(context, form, {
    name: choice.name,
    auth_type: 'oauth2',
    oauth_client_id: choice.client.id,
    status: 'needs_reconnect',
    reason: `Nobody has authorized it at ${form.provider.name} yet.`,
  });
  if (connection !== undefined) return { ok: true, connection };
  if (choice.isNew) await context.oauthClients.remove(choice.client);
  return NAME_TAKEN;
}

/** One that exists, or one described in place, which is named after its first connection. */
async function chooseClient(
  context: ConnectionsContext,
  { installation, provider, body }: NewForm,
): Promise<{ ok: true; name: string; client: OAuthClient; isNew: boolean } | Refused> {
  const { oauthClientId } = TypedForm.parse(body ?? {});
  if (oauthClientId === '') {
    const form = readForm(ClientForm, body);
    if (!form.ok) return form;
    const client = await createClient(context, installation, provider.id, form.values);
    return { ok: true, name: client.name, client, isNew: true };
  }
  const form = readForm(NameForm, body);
  if (!form.ok) return form;
  const client = await context.oauthClients.find(installation.id, oauthClientId);
  if (client?.provider === provider.id)
    return { ok: true, name: form.values.name, client, isNew: false };
  const problem = `Choose one of the OAuth clients for ${provider.name}.`;
  return { ok: false, errors: { oauthClientId: problem } };
}

/**
 * Renames an OAuth 2.0 connection, or gives it another OAuth client and with it a new start.
 * @throws a unique violation when the installation has a connection of that name.
 */
export async function editWithClient(
  context: ConnectionsContext,
  { connection, body, actor }: EditForm,
): Promise<EditResult> {
  const { connections, connectionHistory, oauthClients } = context;
  const form = readForm(NameForm, body);
  if (!form.ok) return form;
  const { name } = form.values;
  const { installation_id: installationId, oauth_client_id: oldId } = connection;
  const before = await oauthClients.find(installationId, oldId ?? '');
  const after = await oauthClients.find(installationId, TypedForm.parse(body).oauthClientId);
  if (after?.provider !== connection.provider)
    return { ok: false, errors: { oauthClientId: 'Choose one of the OAuth clients.' } };
  await connections.update(connection.id, { name });
  await connectionHistory.add(connection.id, {
    actor,
    text: 'Edited.',
    changes: [
      { field: 'Name', from: connection.name, to: name },
      { field: 'OAuth client', from: before?.name ?? null, to: after.name },
    ],
  });
  const needsAuthorization = after.id !== oldId;
  if (needsAuthorization) await changeClient(context, connection, after);
  return { ok: true, needsAuthorization };
}

/** What the old client was given is of no use to the new one. */
async function changeClient(
  context: ConnectionsContext,
  connection: Connection,
  client: OAuthClient,
): Promise<void> {
  await revoke(context, connection);
  const { id } = connection;
  await holdTokens(context, id, async () => {
    await forgetTokens(context, id);
    await context.connections.update(id, {
      oauth_client_id: client.id,
      status: 'needs_reconnect',
      reason: 'Nobody has authorized it with the new OAuth client yet.',
      check_at: null,
    });
  });
}
