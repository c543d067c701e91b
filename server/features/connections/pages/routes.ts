import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Core } from '../../../core.ts';
import { AppError, notFound } from '../../../errors.ts';
import { findOwned } from '../../../installations/owned.ts';
import { problemPage } from '../../../oauth/problems.ts';
import { isUniqueViolation } from '../store/schema.ts';
import { acceptForm } from '../../../web/forms.ts';
import { bindTo } from '../../../web/handlers.ts';
import { limitPerMinute } from '../../../web/rate-limits.ts';
import { ensureOwnerId, flash } from '../../../web/sessions.ts';
import { finishAuthorization, showAuthorize, startAuthorization } from './authorize.ts';
import type { ConnectionsContext } from '../context.ts';
import * as end from '../end/end.ts';
import { restoreConnection } from '../end/restore.ts';
import { TypedForm } from '../saving/forms.ts';
import * as health from '../health/health.ts';
import { findOwnedConnection, paths } from './paths.ts';
import { addCustom, editCustom } from '../saving/save-custom.ts';
import { addWithClient, editWithClient } from '../saving/save-with-client.ts';
import { NAME_TAKEN, type EditForm, type EditResult } from '../saving/save.ts';
import { flashOutcome, renderConnection } from './connection-page.ts';
import { showConnections } from './list-page.ts';
import { renderNew } from './new-page.ts';
import { readSandboxCredentials } from './sandbox-credentials.ts';

const DEBUG_MS = 60 * 60_000;

/** The pages of an account's connections, and the redirect URI of all providers. */
export function createRoutes(
  context: ConnectionsContext,
  { form, log, parts }: Pick<Core, 'form' | 'log' | 'parts'>,
): Router {
  const to = bindTo(context);
  const list = '/installations/:id/connections';
  const one = `${list}/:connectionId`;
  /** Each asks a provider. */
  const testing = acceptForm(20);
  const problem = problemPage({ log, parts }, { service: 'the service', undone: 'Not authorized' });
  const pages = Router();
  pages.get(list, to(showConnections));
  pages.post(list, testing, to(addConnection));
  pages.get(`${list}/new`, to(showNew));
  pages.get(one, to(showConnection));
  pages.post(one, testing, to(editConnection));
  pages.post(`${one}/test`, testing, to(testConnection));
  pages.post(`${one}/reconnect`, form, to(reconnect));
  pages.get(`${one}/authorize`, to(showAuthorize));
  pages.post(`${one}/disable`, form, to(disable));
  pages.post(`${one}/debug`, form, to(debug));
  pages.post(`${one}/enable`, testing, to(enable));
  pages.post(`${one}/delete`, form, to(deleteConnection));
  pages.post('/installations/:id/deleted-connections/:deletedId', form, to(restoreConnection));
  pages.get(
    '/connections/callback/:provider',
    limitPerMinute(60),
    to(finishAuthorization),
    problem,
  );
  return pages;
}

const Choice = z.object({ provider: z.string().optional(), authType: z.string().optional() });

/** What kind of connection is being made; undefined when there is no such kind. */
function readChoice({ providers }: ConnectionsContext, fields: unknown) {
  const chosen = Choice.safeParse(fields ?? {}).data;
  const provider = providers.find(({ id }) => id === (chosen?.provider ?? providers[0]?.id));
  const wanted = chosen?.authType ?? provider?.authTypes[0];
  const authType = provider?.authTypes.find((type) => type === wanted);
  return provider === undefined || authType === undefined ? undefined : { provider, authType };
}

async function showNew(context: ConnectionsContext, request: Request, response: Response) {
  const choice = readChoice(context, request.query);
  if (choice === undefined) throw notFound();
  await renderNew(context, response, await findOwned(context, request), choice);
}

/** The form for a new connection was sent: *Save & authorize*, or *Test & save*. */
async function addConnection(context: ConnectionsContext, request: Request, response: Response) {
  const installation = await findOwned(context, request);
  const body: unknown = request.body;
  const choice = readChoice(context, body);
  if (choice === undefined) {
    const hint = 'Go back, reload the page and choose again.';
    throw new AppError('bad_request', 'There is no such kind of connection.', hint);
  }
  const { provider, authType } = choice;
  const { fill, name } = TypedForm.parse(body ?? {});
  const filled = readSandboxCredentials(context, provider, authType);
  if (fill !== '' && filled !== undefined) {
    const fields = { name: name === '' ? `Sandbox’s ${provider.name}` : name, oauthClientId: '' };
    const typed = { ...TypedForm.parse(body), ...fields, ...filled };
    return renderNew(context, response, installation, choice, { body: typed, errors: {}, filled });
  }
  const add = authType === 'oauth2' ? addWithClient : addCustom;
  const actor = ensureOwnerId(request);
  const result = await add(context, { installation, provider, body, actor });
  if (!result.ok) return renderNew(context, response, installation, choice, { body, ...result });
  const { id } = result.connection;
  if (authType === 'oauth2') return startAuthorization(request, response, result.connection);
  flashOutcome(request, await context.connections.find(id));
  response.redirect(303, paths.one(installation.id, id));
}

async function showConnection(context: ConnectionsContext, request: Request, response: Response) {
  const at = await findOwnedConnection(context, request);
  await renderConnection(context, { request, response }, at);
}

async function editConnection(context: ConnectionsContext, request: Request, response: Response) {
  const at = await findOwnedConnection(context, request);
  const { installation, connection } = at;
  const body: unknown = request.body;
  const result = await edit(context, { connection, body, actor: ensureOwnerId(request) });
  if (!result.ok) {
    await renderConnection(context, { request, response }, at, { body, ...result });
    return;
  }
  const edited = (await context.connections.find(connection.id)) ?? connection;
  if (result.needsAuthorization) return startAuthorization(request, response, edited);
  if (edited.auth_type === 'custom') flashOutcome(request, edited);
  else flash(request, 'ok', 'Saved.');
  response.redirect(303, paths.one(installation.id, connection.id));
}

async function edit(context: ConnectionsContext, form: EditForm): Promise<EditResult> {
  const isCustom = form.connection.auth_type === 'custom';
  try {
    return await (isCustom ? editCustom(context, form) : editWithClient(context, form));
  } catch (error) {
    if (isUniqueViolation(error)) return NAME_TAKEN;
    throw error;
  }
}

async function testConnection(context: ConnectionsContext, request: Request, response: Response) {
  const { installation, connection } = await findOwnedConnection(context, request);
  flashOutcome(request, await health.testConnection(context, connection));
  response.redirect(303, paths.one(installation.id, connection.id));
}

/** In place: the connection keeps its id, and with it whatever refers to it. */
async function reconnect(context: ConnectionsContext, request: Request, response: Response) {
  const { connection } = await findOwnedConnection(context, request);
  if (connection.auth_type === 'oauth2') return startAuthorization(request, response, connection);
  const text = 'This connection is not authorized in the browser.';
  throw new AppError('bad_request', text, 'Edit it and enter its credentials again.');
}

async function disable(context: ConnectionsContext, request: Request, response: Response) {
  const { installation, connection } = await findOwnedConnection(context, request);
  const { id, name } = connection;
  const reason = 'Switched off by its owner.';
  await context.connections.update(id, { status: 'disabled', reason, check_at: null });
  await context.connectionHistory.add(id, { actor: ensureOwnerId(request), text: 'Disabled.' });
  flash(request, 'ok', `“${name}” is switched off.`);
  response.redirect(303, paths.one(installation.id, id));
}

/** Logs the connection's calls for an hour, or no longer. */
async function debug(context: ConnectionsContext, request: Request, response: Response) {
  const { installation, connection } = await findOwnedConnection(context, request);
  const { id, debug_until: until } = connection;
  const isOn = (until ?? 0) > context.now();
  await context.connections.update(id, { debug_until: isOn ? null : context.now() + DEBUG_MS });
  const text = isOn ? 'Stopped logging its calls.' : 'Began to log its calls, for an hour.';
  await context.connectionHistory.add(id, { actor: ensureOwnerId(request), text });
  response.redirect(303, paths.one(installation.id, id));
}

async function enable(context: ConnectionsContext, request: Request, response: Response) {
  const { installation, connection } = await findOwnedConnection(context, request);
  const { id } = connection;
  if (connection.status === 'disabled') {
    const reason = 'Not tested since it was switched on again.';
    await context.connections.update(id, { status: 'needs_reconnect', reason });
    await context.connectionHistory.add(id, { actor: ensureOwnerId(request), text: 'Enabled.' });
  }
  flashOutcome(request, await health.testConnection(context, connection));
  response.redirect(303, paths.one(installation.id, id));
}

async function deleteConnection(context: ConnectionsContext, request: Request, response: Response) {
  const { installation, connection } = await findOwnedConnection(context, request);
  const { withoutRevoking } = TypedForm.parse(request.body ?? {});
  const isDeleted = await end.deleteConnection(context, connection, {
    withoutRevoking: withoutRevoking !== '',
    ownerId: ensureOwnerId(request),
  });
  if (isDeleted) {
    flash(request, 'ok', `“${connection.name}” was deleted. It can be restored for 30 days.`);
    return response.redirect(303, paths.list(installation.id));
  }
  const text =
    'Nothing was deleted: the access could not be revoked at the provider. Try again, or delete it without revoking.';
  flash(request, 'problem', text);
  response.redirect(303, paths.one(installation.id, connection.id));
}
