import { Router, type Request, type Response } from 'express';
import type { Core } from '../../../core.ts';
import { AppError, notFound } from '../../../errors.ts';
import { hash } from '../../../oauth/attempts.ts';
import { bindTo } from '../../../web/handlers.ts';
import { limitPerMinute } from '../../../web/rate-limits.ts';
import { ensureOwnerId } from '../../../web/sessions.ts';
import { findProvider, type ConnectionsContext } from '../context.ts';
import { leadToProvider } from '../pages/authorize.ts';
import { renderConnection } from '../pages/connection-page.ts';
import { findOwnedConnection, paths } from '../pages/paths.ts';
import { LinkForm, readForm } from '../saving/forms.ts';
import { admitLink, createLink } from './links.ts';

declare module 'express-session' {
  interface SessionData {
    /** The reconnect link that this browser was opened with. */
    reconnecting: string;
  }
}

/** Reconnect links: one is made on a connection's page, and opened by somebody who sees no such page. */
export function createLinkRoutes(
  context: ConnectionsContext,
  { form }: Pick<Core, 'form'>,
): Router {
  const to = bindTo(context);
  const opening = limitPerMinute(60);
  const pages = Router();
  pages.post('/installations/:id/connections/:connectionId/link', form, to(makeLink));
  pages.get('/connections/link/:token', opening, to(openLink));
  pages.get('/connections/reconnect/:linkId', opening, to(showLink));
  pages.post('/connections/reconnect/:linkId', form, to(followLink));
  return pages;
}

/** The link is on the page that answers, and never again: nobody stores it. */
async function makeLink(context: ConnectionsContext, request: Request, response: Response) {
  const at = await findOwnedConnection(context, request);
  const { connection } = at;
  if (connection.auth_type !== 'oauth2') {
    const text = 'Nobody authorizes this connection in a browser.';
    throw new AppError('bad_request', text, 'Edit it and enter its credentials again.');
  }
  findProvider(context, connection.provider);
  const body: unknown = request.body;
  const sent = readForm(LinkForm, body);
  if (!sent.ok) {
    await renderConnection(context, { request, response }, at, { body, errors: sent.errors });
    return;
  }
  const actor = ensureOwnerId(request);
  const link = await createLink(context, connection, { actor, ...sent.values });
  await renderConnection(context, { request, response }, at, undefined, link);
}

/** Takes the token out of the address. Looking at it uses nothing up: mail programs look first. */
async function openLink(context: ConnectionsContext, request: Request, response: Response) {
  const found = await context.reconnectLinks.findByHash(hash(String(request.params['token'])));
  const { link } = await admitLink(context, found);
  // A session, for the form's token; its owner id owns nothing.
  ensureOwnerId(request);
  request.session.reconnecting = link.id;
  response.redirect(303, paths.reconnect(link.id));
}

/** Only for a browser that was opened with the link. */
async function findOpened(context: ConnectionsContext, request: Request) {
  const id = String(request.params['linkId']);
  const isOpened = request.session.reconnecting === id;
  const link = isOpened ? await context.reconnectLinks.find(id) : undefined;
  if (link === undefined) throw notFound();
  return link;
}

/** Who asks for what; afterwards, that it is done. */
async function showLink(context: ConnectionsContext, request: Request, response: Response) {
  const found = await findOpened(context, request);
  if (found.used_at !== null) {
    const connection = await context.connections.find(found.connection_id);
    response.render('connections/reconnected', {
      title: 'Thank you',
      isConnected: connection?.status === 'connected',
      providerName: connection ? findProvider(context, connection.provider).name : null,
    });
    return;
  }
  const { link, connection, installation } = await admitLink(context, found);
  const provider = findProvider(context, connection.provider);
  response.render('connections/reconnect', {
    title: `Connect ${provider.name}`,
    action: paths.reconnect(link.id),
    account: { name: installation.display_name, subdomain: installation.subdomain },
    askedBy: link.asked_by,
    connectionName: connection.name,
    providerName: provider.name,
    usedFor: provider.usedFor,
    scopes: provider.neededScopes?.oauth2 ?? [],
    expiresAt: link.expires_at,
  });
}

async function followLink(context: ConnectionsContext, request: Request, response: Response) {
  const { link, connection } = await admitLink(context, await findOpened(context, request));
  const returnTo = paths.reconnect(link.id);
  await leadToProvider(context, request, response, { connection, returnTo });
}
