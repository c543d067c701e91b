import type { Request, Response } from 'express';
import type { Installation } from '../../../store/schema.ts';
import { flash } from '../../../web/sessions.ts';
import { pickConnection } from '../bot-tools.ts';
import type { ConnectionsContext } from '../context.ts';
import { TypedForm } from '../saving/forms.ts';
import { SHOPKEEPER, SOMEBODY_WITH_LINK } from '../store/connection-history.ts';
import type { Connection } from '../store/schema.ts';
import type { Returned } from './new-page.ts';
import { paths } from './paths.ts';
import { isOfDeployment } from '../tokens/clients.ts';
import { OF_DEPLOYMENT } from '../tokens/deployment-clients.ts';
import { listChoices, presentConnection } from './present.ts';

const HISTORY_LINES = 50;
/** The page of one connection: state, buttons, edit, who uses it, history, delete. */
export async function renderConnection(
  context: ConnectionsContext,
  { request, response }: { request: Request; response: Response },
  { installation, connection }: { installation: Installation; connection: Connection },
  returned?: Returned,
  /** Was just made. */
  link: { url: string; expiresAt: number } | null = null,
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
    oauthClientId: connection.oauth_client_id ?? OF_DEPLOYMENT,
    accountId: connection.account_id,
    clientId: connection.client_id,
    hostUser: connection.host_user,
    concurrency: String(connection.concurrency),
    askedBy: '',
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
    clients: provider ? await listChoices(context, installationId, provider) : [],
    isOfDeployment: isOfDeployment(connection),
    typed: returned === undefined ? stored : TypedForm.parse(returned.body ?? {}),
    errors: returned?.errors ?? {},
    problem: returned?.problem ?? null,
    link,
    history: history.map((line) => ({ ...line, actor: nameActor(request, line.actor) })),
  });
}

function nameActor(request: Request, actor: string): string {
  if (actor === SHOPKEEPER) return 'Shopkeeper';
  if (actor === SOMEBODY_WITH_LINK) return 'Somebody with a reconnect link';
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
