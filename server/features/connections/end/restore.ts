import type { Request, Response } from 'express';
import { notFound } from '../../../errors.ts';
import { findOwned } from '../../../installations/owned.ts';
import { nameOwner } from '../../../store/tables/installation-owners.ts';
import { ensureOwnerId, flash } from '../../../web/sessions.ts';
import type { ConnectionsContext } from '../context.ts';
import { paths } from '../pages/paths.ts';

/** "Restore deleted items for at least 30 days" (Celigo, recycle bin). */
export const RESTORABLE_MS = 30 * 24 * 60 * 60_000;

const REASON =
  'It was deleted and restored: its credentials were deleted at once, so it has to be authorized again.';

/** The button beside a deleted connection. */
export async function restoreConnection(
  context: ConnectionsContext,
  request: Request,
  response: Response,
): Promise<void> {
  const { connections, deletedConnections, connectionHistory, observe } = context;
  const { id: installationId } = await findOwned(context, request);
  const id = String(request.params['deletedId']);
  const all = await deletedConnections.list(installationId);
  const deleted = all.find((one) => one.id === id && isRestorable(context, one));
  if (deleted === undefined) throw notFound();
  const taken = new Set((await connections.list(installationId)).map(({ name }) => name));
  const name = findFreeName(deleted.name, taken);
  if (!(await deletedConnections.restore(deleted, { name, reason: REASON }))) throw notFound();
  const actor = ensureOwnerId(request);
  await connectionHistory.add(id, { actor, text: 'Restored, without its credentials.' });
  const line = `The connection “${name}” was restored by ${nameOwner(actor)}.`;
  await observe.note(installationId, 'connection', line);
  flash(request, 'ok', `“${name}” was restored. It works once it is authorized again.`);
  response.redirect(303, paths.one(installationId, id));
}

/** What was deleted longer ago may not have been looked at yet. */
export function isRestorable(
  { now }: Pick<ConnectionsContext, 'now'>,
  { deleted_at: deletedAt }: { deleted_at: number },
): boolean {
  return now() - deletedAt < RESTORABLE_MS;
}

function findFreeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 1; ; number++) {
    const other = `${name} (restored${number === 1 ? '' : ` ${number}`})`;
    if (!taken.has(other)) return other;
  }
}
