import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { FindOwned } from '../../installations/find-owned.ts';
import type { ConnectionStore } from './store/connections.ts';
import { paths } from './paths.ts';
import { presentConnection } from './present-connection.ts';
import type { Provider } from './provider.ts';

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
export function createShowConnections(options: {
  providers: readonly Provider[];
  findOwned: FindOwned;
  connections: ConnectionStore;
}): RequestHandler {
  const { providers } = options;
  return async (request, response) => {
    const { id, display_name: name } = await options.findOwned(request);
    const filter = Filter.parse(request.query);
    const all = (await options.connections.list(id)).map((one) =>
      presentConnection(one, providers),
    );
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
      providers: providers.map((provider) => ({ id: provider.id, name: provider.name })),
    });
  };
}
