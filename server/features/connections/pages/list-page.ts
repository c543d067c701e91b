import type { Request, Response } from 'express';
import { z } from 'zod';
import { findOwned } from '../../../installations/owned.ts';
import type { ConnectionsContext } from '../context.ts';
import { isRestorable } from '../end/restore.ts';
import { paths } from './paths.ts';
import { presentConnection } from './present.ts';

/** With so many the list is searched, not read. */
const SEARCH_FROM = 6;
const Filter = z.object({
  q: z.string().trim().catch(''),
  status: z
    .enum(['connected', 'needs_reconnect', 'failing', 'disabled'])
    .or(z.literal(''))
    .catch(''),
  provider: z.string().catch(''),
});

/** The connections of an installation. */
export async function showConnections(
  context: ConnectionsContext,
  request: Request,
  response: Response,
): Promise<void> {
  const { id, display_name: name } = await findOwned(context, request);
  const filter = Filter.parse(request.query);
  const all = (await context.connections.list(id)).map((one) => presentConnection(context, one));
  const deleted = await context.deletedConnections.list(id);
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
    deleted: deleted
      .filter((one) => isRestorable(context, one))
      .map((one) => ({
        name: one.name,
        deletedAt: one.deleted_at,
        action: paths.deleted(id, one.id),
      })),
    total: all.length,
    filter: all.length >= SEARCH_FROM ? filter : null,
    providers: context.providers.map((provider) => ({ id: provider.id, name: provider.name })),
  });
}
