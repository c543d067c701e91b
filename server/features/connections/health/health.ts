import { NotAuthorizedError, RENEW_BEFORE_MS, renewAccess, withAccess } from '../tokens/access.ts';
import { describeMissingScopes, findMissingScopes, mayLag } from '../tokens/scopes.ts';
import { describeFailure } from '../classify.ts';
import { findProvider, type ConnectionsContext } from '../context.ts';
import { storeState } from '../notify/notices.ts';
import type { Failure, Identity } from '../provider.ts';
import { SHOPKEEPER } from '../store/connection-history.ts';
import type { ConnectionPatch } from '../store/connections.ts';
import type { Connection, ConnectionStatus } from '../store/schema.ts';

/** "Re-tested every hour during outages" (Celigo, connection goes offline). */
const HOUR_MS = 60 * 60_000;
const SHORTEST_PAUSE_MS = 60_000;
/** When a connection is tested if the process that stored it as connected dies before it has tested it. */
export const testedSoon = (now: number): number => now + SHORTEST_PAUSE_MS;
/** Between two looks for scopes that are new. */
const SCOPES_PAUSE_MS = 5_000;

const NEWS: Record<Exclude<ConnectionStatus, 'disabled'>, string> = {
  connected: 'works again',
  needs_reconnect: 'needs to be reconnected',
  failing: 'fails for the moment',
};

/** Turns what came of a call into the connection's status, and its news into history, activity and notices. */
async function settle(
  context: ConnectionsContext,
  { id }: Connection,
  status: keyof typeof NEWS,
  patch: ConnectionPatch & { reason: string | null },
): Promise<void> {
  const { connections, connectionHistory, observe, now } = context;
  const before = await connections.find(id);
  if (before === undefined) return;
  const isNews = before.status !== status;
  const state = { ...patch, status, ...(isNews && { status_since: now() }) };
  // What its owner switched off stays off, whatever a call that was under way found out.
  const isStored = await storeState(context, before, state, { whileOn: true });
  if (!isStored || !isNews) return;
  observe.occur('connection-changed', { service: before.provider, status });
  const text = `${NEWS[status]}${patch.reason === null ? '.' : `: ${patch.reason}`}`;
  await connectionHistory.add(id, { actor: SHOPKEEPER, text: `It ${text}` });
  const line = `The connection “${before.name}” ${text}`;
  await observe.note(before.installation_id, 'connection', line);
}

/** A call succeeded. `missing`: what is not allowed although it works. */
export async function recordSuccess(
  context: ConnectionsContext,
  connection: Connection,
  { identity = null, missing = null }: { identity?: Identity | null; missing?: string | null } = {},
): Promise<void> {
  const { connections, now } = context;
  const current = (await connections.find(connection.id)) ?? connection;
  const provider = findProvider(context, connection.provider);
  const lacking = describeMissingScopes(provider, current, now());
  const expiresAt = current.token_expires_at;
  const checkAt = expiresAt === null ? now() + HOUR_MS : expiresAt - RENEW_BEFORE_MS;
  const soonAt = now() + SCOPES_PAUSE_MS;
  const isLate = lacking !== null && mayLag(current, now());
  await settle(context, connection, 'connected', {
    reason: lacking ?? missing,
    check_at: isLate ? soonAt : Math.max(checkAt, now() + SHORTEST_PAUSE_MS),
    ...(identity === null
      ? {}
      : {
          provider_user_id: identity.userId,
          provider_account_id: identity.accountId,
          connected_as: identity.label,
        }),
  });
}

export async function recordFailure(
  context: ConnectionsContext,
  connection: Connection,
  { kind, reason, retryAfterMs = 0 }: Failure,
): Promise<void> {
  const now = context.now();
  const later = now + Math.max(HOUR_MS, retryAfterMs);
  switch (kind) {
    case 'scope':
      return recordSuccess(context, connection, { missing: reason });
    case 'busy': {
      const check_at = now + Math.max(SHORTEST_PAUSE_MS, retryAfterMs);
      await context.connections.update(connection.id, { check_at });
      return;
    }
    case 'unavailable':
      return settle(context, connection, 'failing', { reason, check_at: later });
    case 'refused':
      return settle(context, connection, 'needs_reconnect', { reason, check_at: later });
    case 'dead': {
      // With OAuth 2.0 only its user can help, and asking again with a dead token never does.
      const check_at = connection.auth_type === 'oauth2' ? null : later;
      return settle(context, connection, 'needs_reconnect', { reason, check_at });
    }
  }
}

/** It has no tokens: nobody gave it any yet, or whoever found them dead died before it was said. */
export async function recordNoAccess(
  context: ConnectionsContext,
  connection: Connection,
): Promise<void> {
  const { connections } = context;
  const current = await connections.find(connection.id);
  if (current?.status === 'needs_reconnect') {
    await connections.update(connection.id, { check_at: null });
    return;
  }
  const { name } = findProvider(context, connection.provider);
  const reason = `Its authorization at ${name} has ended.`;
  await recordFailure(context, connection, { kind: 'dead', reason });
}

/**
 * Renews the token if it is time, makes the provider's cheapest call and records what came of it. Returns the
 * connection as it is after the test; undefined when it was deleted meanwhile.
 */
export async function testConnection(
  context: ConnectionsContext,
  connection: Connection,
): Promise<Connection | undefined> {
  const { connections, now } = context;
  const provider = findProvider(context, connection.provider);
  try {
    // A token keeps the scopes it was issued with, and new ones cost nobody a look at a page.
    const isLacking = findMissingScopes(provider, connection).length > 0;
    if (isLacking && connection.auth_type === 'custom') await renewAccess(context, connection);
    const identity = await withAccess(context, connection, (access) => provider.test(access));
    await recordSuccess(context, connection, { identity });
  } catch (error) {
    const failure = describeFailure(provider, error);
    if (failure !== undefined) await recordFailure(context, connection, failure);
    else if (error instanceof NotAuthorizedError) await recordNoAccess(context, connection);
    else throw error;
  }
  await connections.update(connection.id, { last_tested_at: now() });
  return connections.find(connection.id);
}
