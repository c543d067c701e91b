import { createClient } from '../tokens/clients.ts';
import { findProvider, type ConnectionsContext } from '../context.ts';
import {
  DEPLOYMENT_CLIENT_NAME,
  OF_DEPLOYMENT,
  readDeploymentClient,
} from '../tokens/deployment-clients.ts';
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
    oauth_client_id: choice.client?.id ?? null,
    status: 'needs_reconnect',
    reason: `Nobody has authorized it at ${form.provider.name} yet.`,
  });
  if (connection !== undefined) return { ok: true, connection };
  if (choice.client !== null && choice.isNew) await context.oauthClients.remove(choice.client);
  return NAME_TAKEN;
}

/**
 * The deployment's (null), one that exists, or one described in place, which is named after its first
 * connection.
 */
async function chooseClient(
  context: ConnectionsContext,
  { installation, provider, body }: NewForm,
): Promise<{ ok: true; name: string; client: OAuthClient | null; isNew: boolean } | Refused> {
  const { oauthClientId } = TypedForm.parse(body ?? {});
  if (oauthClientId === '') {
    const form = readForm(ClientForm, body);
    if (!form.ok) return form;
    const client = await createClient(context, installation, provider.id, form.values);
    return { ok: true, name: client.name, client, isNew: true };
  }
  const form = readForm(NameForm, body);
  if (!form.ok) return form;
  if (oauthClientId === OF_DEPLOYMENT && readDeploymentClient(context, provider) !== undefined)
    return { ok: true, name: form.values.name, client: null, isNew: false };
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
  const { name, concurrency = connection.concurrency } = form.values;
  const { installation_id: installationId, oauth_client_id: oldId } = connection;
  const { oauthClientId } = TypedForm.parse(body);
  const provider = findProvider(context, connection.provider);
  const isOffered = readDeploymentClient(context, provider) !== undefined;
  const before = await oauthClients.find(installationId, oldId ?? '');
  const found = await oauthClients.find(installationId, oauthClientId);
  const after = oauthClientId === OF_DEPLOYMENT && isOffered ? null : found;
  if (after === undefined || (after !== null && after.provider !== connection.provider))
    return { ok: false, errors: { oauthClientId: 'Choose one of the OAuth clients.' } };
  await connections.update(connection.id, { name, concurrency });
  await connectionHistory.add(connection.id, {
    actor,
    text: 'Edited.',
    changes: [
      { field: 'Name', from: connection.name, to: name },
      { field: 'Calls at once', from: `${connection.concurrency}`, to: `${concurrency}` },
      {
        field: 'OAuth client',
        from: before?.name ?? DEPLOYMENT_CLIENT_NAME,
        to: after?.name ?? DEPLOYMENT_CLIENT_NAME,
      },
    ],
  });
  const newId = after?.id ?? null;
  const needsAuthorization = newId !== oldId;
  if (needsAuthorization) await changeClient(context, connection, newId);
  return { ok: true, needsAuthorization };
}

/** What the old client was given is of no use to the new one. */
async function changeClient(
  context: ConnectionsContext,
  connection: Connection,
  clientId: string | null,
): Promise<void> {
  await revoke(context, connection);
  const { id } = connection;
  await holdTokens(context, id, async () => {
    await forgetTokens(context, id);
    await context.connections.update(id, {
      oauth_client_id: clientId,
      status: 'needs_reconnect',
      reason: 'Nobody has authorized it with the new OAuth client yet.',
      check_at: null,
    });
  });
}
