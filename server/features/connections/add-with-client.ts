import type { OAuthClientStore } from './store/oauth-clients.ts';
import type { Installation } from '../../store/schema.ts';
import type { CreateConnection } from './create-connection.ts';
import { ClientForm, NameForm, readForm, TypedForm, type FieldErrors } from './forms.ts';
import type { OAuthClients } from './keep-oauth-clients.ts';
import type { Provider } from './provider.ts';
import type { Connection, OAuthClient } from './store/schema.ts';

export const NAME_TAKEN = { name: 'A connection of this name exists. Choose another.' };

export interface NewConnectionForm {
  installation: Installation;
  provider: Provider;
  body: unknown;
  /** The browser's owner id, for the history. */
  actor: string;
}

export type AddResult =
  { ok: true; connection: Connection } | { ok: false; errors: FieldErrors; problem?: string };

/** Adds an OAuth 2.0 connection that still has to be authorized. */
export function createAddWithClient(options: {
  oauthClients: OAuthClientStore;
  clients: OAuthClients;
  createConnection: CreateConnection;
}): (form: NewConnectionForm) => Promise<AddResult> {
  const { oauthClients } = options;

  /** One that exists, or one described in place, which is named after its first connection. */
  async function chooseClient({
    installation,
    provider,
    body,
  }: NewConnectionForm): Promise<
    | { ok: true; name: string; client: OAuthClient; isNew: boolean }
    | { ok: false; errors: FieldErrors }
  > {
    const { oauthClientId } = TypedForm.parse(body ?? {});
    if (oauthClientId === '') {
      const form = readForm(ClientForm, body);
      if (!form.ok) return form;
      const client = await options.clients.create(installation, provider.id, form.values);
      return { ok: true, name: client.name, client, isNew: true };
    }
    const form = readForm(NameForm, body);
    if (!form.ok) return form;
    const client = await oauthClients.find(installation.id, oauthClientId);
    if (client?.provider === provider.id)
      return { ok: true, name: form.values.name, client, isNew: false };
    const problem = `Choose one of the OAuth clients for ${provider.name}.`;
    return { ok: false, errors: { oauthClientId: problem } };
  }

  return async (form) => {
    const choice = await chooseClient(form);
    if (!choice.ok) return choice;
    const connection = await options.createConnection(
      {
        installation_id: form.installation.id,
        provider: form.provider.id,
        name: choice.name,
        auth_type: 'oauth2',
        oauth_client_id: choice.client.id,
        status: 'needs_reconnect',
        reason: `Nobody has authorized it at ${form.provider.name} yet.`,
      },
      form.actor,
    );
    if (connection !== undefined) return { ok: true, connection };
    if (choice.isNew) await oauthClients.remove(choice.client);
    return { ok: false, errors: NAME_TAKEN };
  };
}
