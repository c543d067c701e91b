import { setTimeout as sleep } from 'node:timers/promises';
import { nameOwner } from '../../../store/tables/installation-owners.ts';
import { getAccess, NotAuthorizedError } from '../tokens/access.ts';
import { describeFailure } from '../classify.ts';
import { findClient } from '../tokens/clients.ts';
import { storeState, type StateNeeds } from '../notify/notices.ts';
import type { ConnectionsContext } from '../context.ts';
import { SHOPKEEPER } from '../store/connection-history.ts';
import type { ProviderUser } from '../store/connections.ts';
import type { Connection } from '../store/schema.ts';
import { forgetTokens, holdTokens } from '../tokens/tokens.ts';

/** An installation that goes does not wait longer than this for other services. */
const REVOKED_WITHIN_MS = 8_000;
/** The provider's clock and ours may differ by so much. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * Withdraws a connection's access at the provider; true when it has none any more. A `custom` one is
 * withdrawn by its account, where the app is.
 */
export async function revoke(
  context: ConnectionsContext,
  connection: Connection,
): Promise<boolean> {
  if (connection.auth_type === 'custom') return true;
  const provider = context.providers.find(({ id }) => id === connection.provider);
  if (provider === undefined) return false;
  try {
    const { accessToken } = await getAccess(context, connection);
    await provider.revoke(await findClient(context, connection), accessToken);
    return true;
  } catch (error) {
    if (error instanceof NotAuthorizedError) return true;
    const failure = describeFailure(provider, error);
    if (failure === undefined) throw error;
    return failure.kind === 'dead';
  }
}

/** Before an installation goes: withdraws its access everywhere, as far as the providers can be reached. */
export async function revokeAll(
  context: ConnectionsContext,
  installationId: string,
): Promise<void> {
  const all = await context.connections.list(installationId);
  const revoking = all.map(async (connection) => {
    const isRevoked = await revoke(context, connection).catch(() => false);
    if (!isRevoked)
      context.log.warn({ installationId }, 'A connection could not be revoked at its provider.');
  });
  await Promise.race([Promise.all(revoking), sleep(REVOKED_WITHIN_MS, undefined, { ref: false })]);
}

/**
 * Revokes first and forgets afterwards, so that a failure leaves something to try again with. Returns
 * false, with nothing deleted, when the provider could not be told and `withoutRevoking` is not set.
 */
export async function deleteConnection(
  context: ConnectionsContext,
  connection: Connection,
  { withoutRevoking, ownerId }: { withoutRevoking: boolean; ownerId: string },
): Promise<boolean> {
  const isRevoked = !withoutRevoking && (await revoke(context, connection));
  if (!isRevoked && !withoutRevoking) return false;
  await context.deletedConnections.replace(connection);
  const end = isRevoked ? '' : ' Its access at the provider was not revoked.';
  const line = `The connection “${connection.name}” was deleted by ${nameOwner(ownerId)}.${end}`;
  await context.observe.note(connection.installation_id, 'connection', line);
  return true;
}

/** What a connection has of its user, and nothing else. */
const NOBODY = {
  provider_user_id: null,
  provider_account_id: null,
  connected_as: null,
  connected_at: null,
  check_at: null,
};

/**
 * A user removed our app at the provider: deletes what is stored of that user, in every installation.
 * The connections stay as empty shells that say so, for their owners to reconnect or delete. Doing it
 * again finds nothing; an event that comes late does not undo a newer authorization.
 */
export async function forgetUser(
  context: StateNeeds &
    Pick<ConnectionsContext, 'connectionHistory' | 'observe' | 'parts' | 'locks' | 'secrets'>,
  user: ProviderUser,
  removedAt: number,
): Promise<void> {
  const { connections, connectionHistory, observe } = context;
  const reason =
    'Its user removed the app there, so everything stored of that user was deleted here.';
  for (const connection of await connections.listOfUser(user)) {
    const { id, name, installation_id, connected_at } = connection;
    if ((connected_at ?? 0) > removedAt + CLOCK_TOLERANCE_MS) continue;
    const isThere = await holdTokens(context, id, async () => {
      await forgetTokens(context, id);
      const broken = { ...NOBODY, status: 'needs_reconnect', reason } as const;
      if (await storeState(context, connection, broken, { whileOn: true })) return true;
      // Switched off it stays: whoever switches it on again is asked to authorize it.
      return connections.update(id, NOBODY);
    });
    // Where its calls were logged, this user's answers are among them.
    for (const { observer } of context.parts)
      await observer?.dropWork?.(installation_id, 'connection');
    // Its owner may have deleted it meanwhile.
    if (!isThere) continue;
    await connectionHistory.add(id, { actor: SHOPKEEPER, text: reason });
    const line = `The connection “${name}” needs to be reconnected. ${reason}`;
    await observe.note(installation_id, 'connection', line);
  }
}
