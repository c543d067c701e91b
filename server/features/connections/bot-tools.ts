import { z } from 'zod';
import { RemoteError } from '../../remote-error.ts';
import type { Attempt } from '../attempt.ts';
import { NotAuthorizedError, withAccess } from './tokens/access.ts';
import { describeFailure } from './classify.ts';
import type { ConnectionsContext } from './context.ts';
import { recordFailure, recordNoAccess, recordSuccess } from './health/health.ts';
import type { Access, Connections, Failure, Provider, UseResult } from './provider.ts';
import type { Connection } from './store/schema.ts';

/** Each provider declares its own part of `Connections`, so the compiler cannot see the whole. */
const AllTools = z.custom<Connections>();

/** What a handler reaches as `connections.zoom` and so on, for one event of an installation. */
export function openTools(
  context: ConnectionsContext,
  attempt: Pick<Attempt, 'event' | 'signal'>,
): Connections {
  const tools = context.providers.map((provider) => [
    provider.id,
    provider.openTools?.((work) => use(context, provider, attempt, work)),
  ]);
  return AllTools.parse(Object.fromEntries(tools));
}

/** Runs API calls with the best connection; everything that can go wrong is in the result. */
async function use<Value>(
  context: ConnectionsContext,
  provider: Provider,
  { event, signal }: Pick<Attempt, 'event' | 'signal'>,
  work: (access: Access) => Promise<Value>,
): Promise<UseResult<Value>> {
  const { connections, now } = context;
  const { installation_id: installationId, event_id: eventId } = event;
  const fail = (kind: Problem, error?: RemoteError) =>
    ({
      ok: false,
      problem: explain(context, provider.name, kind),
      ...(error && { error }),
    }) as const;
  const connection = pickConnection(await connections.list(installationId), provider.id);
  if (connection === undefined) return fail('missing');
  if (connection.status === 'needs_reconnect') return fail('dead');
  try {
    const call = () => {
      // Its turn may come when the handler's time is over, and its next attempt makes the same call.
      signal.throwIfAborted();
      return withAccess(context, connection, work, eventId);
    };
    const value = await context.turns.run(connection, call);
    await connections.update(connection.id, { last_used_at: now() });
    const isNews = connection.status === 'failing' || connection.reason !== null;
    if (isNews) await recordSuccess(context, connection);
    return { ok: true, value };
  } catch (error) {
    if (error instanceof NotAuthorizedError) {
      await recordNoAccess(context, connection);
      return fail('dead');
    }
    const failure = describeFailure(provider, error);
    if (failure === undefined) throw error;
    if (!(error instanceof RemoteError)) {
      await recordFailure(context, connection, failure);
      return fail('dead');
    }
    const { kind, reason } = failure;
    // An API may refuse a single request; only the token endpoint refuses the connection.
    const isOneRequest = kind === 'refused' && error.operation !== 'Token';
    if (isOneRequest) await recordSuccess(context, connection, { missing: reason });
    // Nor does a limit say anything about it; checks by themselves wait as long as they are told.
    else if (kind !== 'busy') await recordFailure(context, connection, failure);
    return fail(isOneRequest ? 'request' : kind, error);
  }
}

type Problem = Failure['kind'] | 'missing' | 'request';

function explain({ config }: ConnectionsContext, name: string, problem: Problem): string {
  // Not the installation's own address: its id is part of the webhook path, and customers read this.
  const adminUrl = `${config.publicUrl}/settings`;
  switch (problem) {
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
