import type { ConnectionStore } from './store/connections.ts';
import type { Installation } from '../../store/schema.ts';
import { pickConnection } from './open-connections.ts';
import { paths } from './paths.ts';
import { presentConnection } from './present-connection.ts';
import type { Provider } from './provider.ts';

/** What the status page says: what the bot needs a connection for, and whether it has it. */
export function createDescribeConnections(options: {
  providers: readonly Provider[];
  connections: ConnectionStore;
}) {
  const { providers } = options;
  return async ({ id }: Installation) => {
    const all = await options.connections.list(id);
    const listHref = paths.list(id);
    const needs = providers.flatMap(({ id: provider, name, usedFor }) => {
      if (usedFor === null) return [];
      const picked = pickConnection(all, provider);
      const connection = picked && presentConnection(picked, providers);
      const newHref = `${listHref}/new?provider=${provider}`;
      return [{ provider: name, usedFor, connection: connection ?? null, newHref }];
    });
    return { listHref, count: all.length, needs };
  };
}
