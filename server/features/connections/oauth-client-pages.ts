import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../../errors.ts';
import type { FindOwned } from '../../installations/find-owned.ts';
import type { ActivityLog } from '../../store/tables/activity-log.ts';
import type { OAuthClientStore } from './store/oauth-clients.ts';
import { nameOwner } from '../../store/tables/installation-owners.ts';
import type { Installation } from '../../store/schema.ts';
import { ensureOwnerId, flash } from '../../web/sessions.ts';
import type { FindOwnedClient } from './find-owned-connection.ts';
import { ClientForm, readForm, TypedForm, type FieldErrors } from './forms.ts';
import type { OAuthClients } from './keep-oauth-clients.ts';
import { paths } from './paths.ts';
import type { Provider } from './provider.ts';
import type { Connection, OAuthClient } from './store/schema.ts';

/** OAuth clients: list, create, edit, delete. Their secret is entered, and never shown again. */
export function createOAuthClientPages(options: {
  publicUrl: string;
  providers: readonly Provider[];
  findOwned: FindOwned;
  findOwnedClient: FindOwnedClient;
  oauthClients: OAuthClientStore;
  clients: OAuthClients;
  activityLog: ActivityLog;
}) {
  const { providers, findOwned, findOwnedClient, oauthClients } = options;
  const nameOf = (id: string) => providers.find((one) => one.id === id)?.name ?? id;
  const offered = providers.filter(({ authTypes }) => authTypes.includes('oauth2'));
  const redirectUrl = (id: string) => `${options.publicUrl}${paths.callback(id)}`;

  /** Credentials have no history of their own: who did what with them is in the installation's. */
  async function note(request: Request, installationId: string, what: string): Promise<void> {
    const text = `The OAuth client ${what} by ${nameOwner(ensureOwnerId(request))}.`;
    await options.activityLog.add(installationId, 'connection', text);
  }

  /** With `client` the form edits it. */
  async function showForm(
    response: Response,
    { id, display_name: name }: Installation,
    client: OAuthClient | undefined,
    attempt?: { body: unknown; errors: FieldErrors },
  ): Promise<void> {
    const users: Connection[] = client === undefined ? [] : await oauthClients.listUsers(client);
    const stored = { name: client?.name, clientId: client?.client_id, provider: client?.provider };
    response.status(attempt === undefined ? 200 : 422).render('connections/oauth-client', {
      title: client?.name ?? 'New OAuth client',
      installation: { id, name },
      clientsHref: paths.clients(id),
      action: client === undefined ? paths.clients(id) : paths.client(id, client.id),
      isNew: client === undefined,
      providers: (client === undefined ? offered.map((one) => one.id) : [client.provider]).map(
        (one) => ({ id: one, name: nameOf(one), redirectUrl: redirectUrl(one) }),
      ),
      users: users.map((one) => ({ name: one.name, href: paths.one(id, one.id) })),
      typed: attempt === undefined ? stored : TypedForm.parse(attempt.body ?? {}),
      errors: attempt?.errors ?? {},
    });
  }

  const listClients: RequestHandler = async (request, response) => {
    const { id, display_name: name } = await findOwned(request);
    const all = await oauthClients.list(id);
    const clients = all.map(async (client) => ({
      name: client.name,
      href: paths.client(id, client.id),
      providerName: nameOf(client.provider),
      clientId: client.client_id,
      users: (await oauthClients.listUsers(client)).map((one) => one.name),
    }));
    response.render('connections/oauth-clients', {
      title: 'OAuth clients',
      installation: { id, name },
      listHref: paths.list(id),
      clientsHref: paths.clients(id),
      clients: await Promise.all(clients),
    });
  };

  const newClient: RequestHandler = async (request, response) =>
    showForm(response, await findOwned(request), undefined);

  const addClient: RequestHandler = async (request, response) => {
    const installation = await findOwned(request);
    const body: unknown = request.body;
    const form = readForm(ClientForm, body);
    const typed = TypedForm.parse(body ?? {});
    const provider = offered.find(({ id }) => id === typed.provider);
    const errors = {
      ...(form.ok ? {} : form.errors),
      ...(provider === undefined ? { provider: 'Choose a provider.' } : {}),
    };
    if (!form.ok || provider === undefined)
      return showForm(response, installation, undefined, { body, errors });
    const client = await options.clients.create(installation, provider.id, form.values);
    await note(request, installation.id, `“${client.name}” was added`);
    flash(request, 'ok', `“${client.name}” was saved. Connections can use it now.`);
    response.redirect(303, paths.clients(installation.id));
  };

  const showClient: RequestHandler = async (request, response) => {
    const { installation, client } = await findOwnedClient(request);
    await showForm(response, installation, client);
  };

  const editClient: RequestHandler = async (request, response) => {
    const { installation, client } = await findOwnedClient(request);
    const body: unknown = request.body;
    const form = readForm(ClientForm, body);
    if (!form.ok) return showForm(response, installation, client, { body, errors: form.errors });
    await options.clients.edit(client, form.values);
    await note(request, installation.id, `“${form.values.name}” was changed`);
    flash(
      request,
      'ok',
      `“${form.values.name}” was saved. Its connections are tested with it soon.`,
    );
    response.redirect(303, paths.client(installation.id, client.id));
  };

  const deleteClient: RequestHandler = async (request, response) => {
    const { installation, client } = await findOwnedClient(request);
    if (!(await oauthClients.remove(client))) {
      const users = await oauthClients.listUsers(client);
      const names = users.map(({ name }) => `“${name}”`).join(', ');
      const hint = `Delete them first, or let them use another OAuth client: ${names}.`;
      const text = `Connections use “${client.name}”.`;
      throw new AppError('oauth_client_in_use', text, hint, { status: 409 });
    }
    await note(request, installation.id, `“${client.name}” was deleted`);
    flash(request, 'ok', `“${client.name}” was deleted.`);
    response.redirect(303, paths.clients(installation.id));
  };

  return { listClients, newClient, addClient, showClient, editClient, deleteClient };
}
