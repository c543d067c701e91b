import { Router, type Request, type Response } from 'express';
import type { Core } from '../../../core.ts';
import { AppError, notFound } from '../../../errors.ts';
import { findOwned } from '../../../installations/owned.ts';
import { nameOwner } from '../../../store/tables/installation-owners.ts';
import type { Installation } from '../../../store/schema.ts';
import { bindTo } from '../../../web/handlers.ts';
import { ensureOwnerId, flash } from '../../../web/sessions.ts';
import * as clients from '../tokens/clients.ts';
import type { ConnectionsContext } from '../context.ts';
import { ClientForm, readForm, TypedForm } from '../saving/forms.ts';
import { findOwnedClient, paths } from './paths.ts';
import type { OAuthClient } from '../store/schema.ts';
import type { Returned } from './new-page.ts';

/** OAuth clients: list, create, edit, delete. Their secret is entered, and never shown again. */
export function createClientRoutes(
  context: ConnectionsContext,
  { form }: Pick<Core, 'form'>,
): Router {
  const to = bindTo(context);
  const list = '/installations/:id/oauth-clients';
  const one = `${list}/:clientId`;
  const pages = Router();
  pages.get(list, to(listClients));
  pages.post(list, form, to(addClient));
  pages.get(`${list}/new`, to(newClient));
  pages.get(`${list}/manifest/:provider`, to(downloadManifest));
  pages.get(one, to(showClient));
  pages.post(one, form, to(editClient));
  pages.post(`${one}/delete`, form, to(deleteClient));
  return pages;
}

function nameProvider({ providers }: ConnectionsContext, id: string): string {
  return providers.find((one) => one.id === id)?.name ?? id;
}

/** Those that OAuth clients are for. */
function listOffered({ providers }: ConnectionsContext) {
  return providers.filter(({ authTypes }) => authTypes.includes('oauth2'));
}

/** Credentials have no history of their own: who did what with them is in the installation's. */
async function note({ observe }: ConnectionsContext, request: Request, id: string, what: string) {
  const text = `The OAuth client ${what} by ${nameOwner(ensureOwnerId(request))}.`;
  await observe.note(id, 'connection', text);
}

/** With `client` the form edits it. */
async function renderForm(
  context: ConnectionsContext,
  response: Response,
  { id, display_name: name }: Installation,
  client: OAuthClient | undefined,
  returned?: Returned,
): Promise<void> {
  const users = client === undefined ? [] : await context.oauthClients.listUsers(client);
  const stored = { name: client?.name, clientId: client?.client_id, provider: client?.provider };
  const providerIds =
    client === undefined ? listOffered(context).map((one) => one.id) : [client.provider];
  response.status(returned === undefined ? 200 : 422).render('connections/oauth-client', {
    title: client?.name ?? 'New OAuth client',
    installation: { id, name },
    clientsHref: paths.clients(id),
    action: client === undefined ? paths.clients(id) : paths.client(id, client.id),
    isNew: client === undefined,
    providers: providerIds.map((one) => ({
      id: one,
      name: nameProvider(context, one),
      redirectUrl: `${context.config.publicUrl}${paths.callback(one)}`,
      manifestHref: findDescribed(context, one) ? paths.manifest(id, one) : null,
    })),
    users: users.map((one) => ({ name: one.name, href: paths.one(id, one.id) })),
    typed: returned === undefined ? stored : TypedForm.parse(returned.body ?? {}),
    errors: returned?.errors ?? {},
  });
}

async function listClients(context: ConnectionsContext, request: Request, response: Response) {
  const { oauthClients } = context;
  const { id, display_name: name } = await findOwned(context, request);
  const all = (await oauthClients.list(id)).map(async (client) => ({
    name: client.name,
    href: paths.client(id, client.id),
    providerName: nameProvider(context, client.provider),
    clientId: client.client_id,
    users: (await oauthClients.listUsers(client)).map((one) => one.name),
  }));
  response.render('connections/oauth-clients', {
    title: 'OAuth clients',
    installation: { id, name },
    listHref: paths.list(id),
    clientsHref: paths.clients(id),
    clients: await Promise.all(all),
  });
}

async function newClient(context: ConnectionsContext, request: Request, response: Response) {
  await renderForm(context, response, await findOwned(context, request), undefined);
}

function findDescribed({ providers }: ConnectionsContext, id: unknown) {
  return providers.find((one) => one.id === id && one.describeApp !== undefined);
}

/** The app at the provider as a file: for its developer pages, with our addresses in it. */
async function downloadManifest(context: ConnectionsContext, request: Request, response: Response) {
  await findOwned(context, request);
  const { publicUrl } = context.config;
  const provider = findDescribed(context, request.params['provider']);
  if (provider?.describeApp === undefined) throw notFound();
  const redirectUrl = `${publicUrl}${paths.callback(provider.id)}`;
  const app = provider.describeApp({ name: 'Shopkeeper', redirectUrl, publicUrl });
  response.attachment(app.fileName).type('json');
  response.send(`${JSON.stringify(app.manifest, null, 2)}\n`);
}

async function addClient(context: ConnectionsContext, request: Request, response: Response) {
  const installation = await findOwned(context, request);
  const body: unknown = request.body;
  const form = readForm(ClientForm, body);
  const typed = TypedForm.parse(body ?? {});
  const provider = listOffered(context).find(({ id }) => id === typed.provider);
  const errors = {
    ...(form.ok ? {} : form.errors),
    ...(provider === undefined ? { provider: 'Choose a provider.' } : {}),
  };
  if (!form.ok || provider === undefined)
    return renderForm(context, response, installation, undefined, { body, errors });
  const client = await clients.createClient(context, installation, provider.id, form.values);
  await note(context, request, installation.id, `“${client.name}” was added`);
  flash(request, 'ok', `“${client.name}” was saved. Connections can use it now.`);
  response.redirect(303, paths.clients(installation.id));
}

async function showClient(context: ConnectionsContext, request: Request, response: Response) {
  const { installation, client } = await findOwnedClient(context, request);
  await renderForm(context, response, installation, client);
}

async function editClient(context: ConnectionsContext, request: Request, response: Response) {
  const { installation, client } = await findOwnedClient(context, request);
  const body: unknown = request.body;
  const form = readForm(ClientForm, body);
  if (!form.ok)
    return renderForm(context, response, installation, client, { body, errors: form.errors });
  await clients.editClient(context, client, form.values);
  const { name } = form.values;
  await note(context, request, installation.id, `“${name}” was changed`);
  flash(request, 'ok', `“${name}” was saved. Its connections are tested with it soon.`);
  response.redirect(303, paths.client(installation.id, client.id));
}

async function deleteClient(context: ConnectionsContext, request: Request, response: Response) {
  const { installation, client } = await findOwnedClient(context, request);
  if (!(await context.oauthClients.remove(client))) {
    const users = await context.oauthClients.listUsers(client);
    const names = users.map(({ name }) => `“${name}”`).join(', ');
    const text = `Connections use “${client.name}”.`;
    const hint = `Delete them first, or let them use another OAuth client: ${names}.`;
    throw new AppError('oauth_client_in_use', text, hint, { status: 409 });
  }
  await note(context, request, installation.id, `“${client.name}” was deleted`);
  flash(request, 'ok', `“${client.name}” was deleted.`);
  response.redirect(303, paths.clients(installation.id));
}
