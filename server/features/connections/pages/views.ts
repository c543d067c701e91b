import type { Request, Response } from 'express';
import { z } from 'zod';
import { findOwned } from '../../../installations/owned.ts';
import type { Card } from '../../feature.ts';
import type { Installation } from '../../../store/schema.ts';
import { flash } from '../../../web/sessions.ts';
import { pickConnection } from '../bot-tools.ts';
import type { ConnectionsContext } from '../context.ts';
import { findMissingScopes, readScopes } from '../tokens/scopes.ts';
import { TypedForm } from '../saving/forms.ts';
import { paths } from './paths.ts';
import type { Provider } from '../provider.ts';
import type { Refused } from '../saving/save.ts';
import { SHOPKEEPER } from '../store/connection-history.ts';
import type { AuthType, Connection } from '../store/schema.ts';

const HISTORY_LINES = 50;
/** With so many the list is searched, not read. */
const SEARCH_FROM = 6;
const AUTH_TYPES: Record<AuthType, { name: string; choice: string }> = {
  oauth2: { name: 'OAuth 2.0', choice: 'OAuth 2.0' },
  custom: { name: 'Custom', choice: 'Custom (Server-to-Server)' },
};

/** What was typed and what is wrong with it, when a form comes back. */
export type Returned = Omit<Refused, 'ok'> & { body: unknown };

const Filter = z.object({
  q: z.string().trim().catch(''),
  status: z
    .enum(['connected', 'needs_reconnect', 'failing', 'disabled'])
    .or(z.literal(''))
    .catch(''),
  provider: z.string().catch(''),
});

/** What pages show of a connection; nothing of it is secret. */
function presentConnection({ providers }: ConnectionsContext, connection: Connection) {
  const provider = providers.find(({ id }) => id === connection.provider);
  return {
    id: connection.id,
    href: paths.one(connection.installation_id, connection.id),
    name: connection.name,
    provider: connection.provider,
    providerName: provider?.name ?? connection.provider,
    isConfigured: provider !== undefined,
    authType: connection.auth_type,
    authTypeName: AUTH_TYPES[connection.auth_type].name,
    status: connection.status,
    reason: connection.reason,
    connectedAs: connection.connected_as,
    lastTestedAt: connection.last_tested_at,
    lastUsedAt: connection.last_used_at,
    expiresAt: connection.token_expires_at,
    /** Null: the service does not say. */
    scopes: connection.scopes === null ? null : readScopes(connection.scopes),
    missingScopes: provider ? findMissingScopes(provider, connection) : [],
  };
}

/** The card on the account's page: what the bot needs a connection for, and whether it has it. */
export async function describeConnections(context: ConnectionsContext, { id }: { id: string }) {
  const all = await context.connections.list(id);
  const listHref = paths.list(id);
  const needs = context.providers.flatMap(({ id: provider, name, usedFor }) => {
    if (usedFor === null) return [];
    const picked = pickConnection(all, provider);
    const connection = picked ? presentConnection(context, picked) : null;
    return [
      { provider: name, usedFor, connection, newHref: `${listHref}/new?provider=${provider}` },
    ];
  });
  return { listHref, count: all.length, needs };
}

/** What is broken, for the head of the account's page; nothing while all is well. */
export async function describeBroken(
  context: ConnectionsContext,
  { id }: { id: string },
): Promise<Card[]> {
  const all = await context.connections.list(id);
  const broken = all.filter(({ told, status }) => told === 'broken' && status !== 'disabled');
  if (broken.length === 0) return [];
  const connections = broken.map((one) => presentConnection(context, one));
  return [{ place: 'notice', view: 'connections/sections/broken', locals: { connections } }];
}

/** The connections of an installation. */
export async function showConnections(
  context: ConnectionsContext,
  request: Request,
  response: Response,
): Promise<void> {
  const { id, display_name: name } = await findOwned(context, request);
  const filter = Filter.parse(request.query);
  const all = (await context.connections.list(id)).map((one) => presentConnection(context, one));
  const wanted = filter.q.toLowerCase();
  const shown = all.filter(
    (one) =>
      [one.name, one.connectedAs, one.providerName].some((text) =>
        text?.toLowerCase().includes(wanted),
      ) &&
      (filter.status === '' || one.status === filter.status) &&
      (filter.provider === '' || one.provider === filter.provider),
  );
  response.render('connections/list', {
    title: 'Connections',
    installation: { id, name },
    listHref: paths.list(id),
    clientsHref: paths.clients(id),
    connections: shown.toSorted((left, right) => left.name.localeCompare(right.name)),
    total: all.length,
    filter: all.length >= SEARCH_FROM ? filter : null,
    providers: context.providers.map((provider) => ({ id: provider.id, name: provider.name })),
  });
}

/** The form for a new connection; its fields and its button follow the provider and the auth type. */
export async function renderNew(
  { providers, oauthClients, config }: ConnectionsContext,
  response: Response,
  { id, display_name: name }: Installation,
  { provider, authType }: { provider: Provider; authType: AuthType },
  returned?: Returned,
): Promise<void> {
  const all = await oauthClients.list(id);
  const clients = all.filter((client) => client.provider === provider.id);
  const listHref = paths.list(id);
  response.status(returned === undefined ? 200 : 422).render('connections/new', {
    title: 'New connection',
    installation: { id, name },
    listHref,
    clientsHref: paths.clients(id),
    choices: providers.flatMap((one) =>
      one.authTypes.map((type) => ({
        label: `${one.name} · ${AUTH_TYPES[type].choice}`,
        href: `${listHref}/new?provider=${one.id}&authType=${type}`,
        current: one.id === provider.id && type === authType,
      })),
    ),
    provider: { id: provider.id, name: provider.name },
    authType,
    clients: clients.map((client) => ({ id: client.id, name: client.name })),
    redirectUrl: `${config.publicUrl}${paths.callback(provider.id)}`,
    typed: TypedForm.parse(returned?.body ?? { oauthClientId: clients[0]?.id }),
    errors: returned?.errors ?? {},
    problem: returned?.problem ?? null,
  });
}

/** The page of one connection: state, buttons, edit, who uses it, history, delete. */
export async function renderConnection(
  context: ConnectionsContext,
  { request, response }: { request: Request; response: Response },
  { installation, connection }: { installation: Installation; connection: Connection },
  returned?: Returned,
): Promise<void> {
  const { id: installationId } = installation;
  const [all, clients, history] = await Promise.all([
    context.connections.list(installationId),
    context.oauthClients.list(installationId),
    context.connectionHistory.list(connection.id, HISTORY_LINES),
  ]);
  const picked = pickConnection(all, connection.provider);
  const client = clients.find(({ id }) => id === connection.oauth_client_id);
  const provider = context.providers.find(({ id }) => id === connection.provider);
  const stored = {
    name: connection.name,
    oauthClientId: connection.oauth_client_id,
    accountId: connection.account_id,
    clientId: connection.client_id,
    hostUser: connection.host_user,
    keepIfFailing: '',
  };
  response.status(returned === undefined ? 200 : 422).render('connections/show', {
    title: connection.name,
    installation: { id: installationId, name: installation.display_name },
    listHref: paths.list(installationId),
    connection: presentConnection(context, connection),
    usedFor: provider?.usedFor ?? null,
    /** The one the bot uses instead, if it is not this one. */
    usedInstead: picked === undefined || picked.id === connection.id ? null : picked.name,
    client: client ? { name: client.name, href: paths.client(installationId, client.id) } : null,
    clients: clients
      .filter((one) => one.provider === connection.provider)
      .map(({ id, name }) => ({ id, name })),
    typed: returned === undefined ? stored : TypedForm.parse(returned.body ?? {}),
    errors: returned?.errors ?? {},
    problem: returned?.problem ?? null,
    history: history.map((line) => ({ ...line, actor: nameActor(request, line.actor) })),
  });
}

function nameActor(request: Request, actor: string): string {
  if (actor === SHOPKEEPER) return 'Shopkeeper';
  return actor === request.session.ownerId ? 'You' : 'Another owner';
}

/** Says on the next page what a test of the connection showed. */
export function flashOutcome(request: Request, connection: Connection | undefined): void {
  if (connection === undefined) return flash(request, 'problem', 'The connection was deleted.');
  const { name, status, reason } = connection;
  if (status !== 'connected')
    return flash(request, 'problem', `“${name}” does not work. ${reason ?? ''}`);
  if (reason !== null) return flash(request, 'problem', `“${name}”: ${reason}`);
  flash(request, 'ok', `“${name}” is working.`);
}
