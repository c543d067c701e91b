import { z } from 'zod';
import type { ConnectionStore } from './store/connections.ts';
import type { Installation } from '../../store/schema.ts';
import { describeFailure } from './classify-failure.ts';
import { NotAuthorizedError } from './get-access.ts';
import type { Connections, Failure, Provider, UseConnection } from './provider.ts';
import { RemoteError } from '../../remote-error.ts';
import type { RecordOutcome } from './record-outcome.ts';
import type { WithAccess } from './with-access.ts';
import type { Connection } from './store/schema.ts';

/** Each provider declares its own part of `Connections`, so the compiler cannot see the whole. */
const AllTools = z.custom<Connections>();

export type OpenConnections = (installation: Installation) => Connections;

/** Makes what a handler reaches as `connections.zoom` and so on, for one installation. */
export function createOpenConnections(options: {
  providers: readonly Provider[];
  publicUrl: string;
  connections: ConnectionStore;
  withAccess: WithAccess;
  record: RecordOutcome;
  now: () => number;
}): OpenConnections {
  const { connections, record } = options;
  // Not the installation's own address: its id is part of the webhook path, and customers read this.
  const adminUrl = `${options.publicUrl}/settings`;

  function explain(name: string, kind: Failure['kind'] | 'missing' | 'request'): string {
    switch (kind) {
      case 'missing':
        return `${name} is not connected yet. An administrator can add a ${name} connection at ${adminUrl}.`;
      case 'dead':
      case 'refused':
        return `The ${name} connection has to be repaired. An administrator can reconnect it at ${adminUrl}.`;
      case 'scope':
        return `The ${name} connection is not allowed to do this. An administrator sees which scope is missing at ${adminUrl}.`;
      case 'request':
        return `${name} did not accept this. An administrator sees why at ${adminUrl}.`;
      case 'busy':
      case 'unavailable':
        return `${name} is not available right now. Please try again in a few minutes.`;
    }
  }

  function createUse(provider: Provider, installation: Installation): UseConnection {
    return async (work) => {
      const all = await connections.list(installation.id);
      const connection = pickConnection(all, provider.id);
      if (connection === undefined)
        return { ok: false, problem: explain(provider.name, 'missing') };
      const repair = { ok: false, problem: explain(provider.name, 'dead') } as const;
      if (connection.status === 'needs_reconnect') return repair;
      try {
        const value = await options.withAccess(connection, work);
        await connections.update(connection.id, { last_used_at: options.now() });
        const isNews = connection.status === 'failing' || connection.reason !== null;
        if (isNews) await record.worked(connection, { identity: null });
        return { ok: true, value };
      } catch (error) {
        if (error instanceof NotAuthorizedError) return repair;
        const failure = describeFailure(provider, error);
        if (failure === undefined) throw error;
        if (!(error instanceof RemoteError)) {
          await record.failed(connection, failure);
          return repair;
        }
        const { kind, reason } = failure;
        // An API may refuse a single request; only the token endpoint refuses the connection.
        const isOneRequest = kind === 'refused' && error.operation !== 'Token';
        if (isOneRequest) await record.worked(connection, { identity: null, missing: reason });
        // Nor does a limit say anything about it; checks by themselves wait as long as they are told.
        else if (kind !== 'busy') await record.failed(connection, failure);
        const problem = explain(provider.name, isOneRequest ? 'request' : kind);
        return { ok: false, problem, error };
      }
    };
  }

  return (installation) =>
    AllTools.parse(
      Object.fromEntries(
        options.providers.map((provider) => [
          provider.id,
          provider.openTools?.(createUse(provider, installation)),
        ]),
      ),
    );
}

/** The connection the bot uses of a provider: the oldest of those in the best shape. */
export function pickConnection(
  all: readonly Connection[],
  providerId: string,
): Connection | undefined {
  const ofProvider = all.filter(({ provider }) => provider === providerId);
  const inShape = (wanted: Connection['status']) =>
    ofProvider.find(({ status }) => status === wanted);
  return inShape('connected') ?? inShape('failing') ?? inShape('needs_reconnect');
}
