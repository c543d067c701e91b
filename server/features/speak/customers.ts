import type { Kysely } from 'kysely';
import type { Gone, Merge } from '../gone.ts';
import type { Schema } from '../../store/schema.ts';

/** In one statement. */
const AT_ONCE = 500;

/** Nobody is woken for a customer, or in a conversation, that is gone. */
export async function forgetWakes(
  transaction: Kysely<Schema>,
  installationId: string,
  { userIds, conversationIds }: Gone,
): Promise<void> {
  for (const [column, ids] of [
    ['user_id', userIds],
    ['conversation_id', conversationIds],
  ] as const)
    for (let start = 0; start < ids.length; start += AT_ONCE)
      await transaction
        .deleteFrom('wakes')
        .where('installation_id', '=', installationId)
        .where(column, 'in', ids.slice(start, start + AT_ONCE))
        .execute();
}

/** Of two of the same key the survivor's stays. */
export async function mergeWakes(
  transaction: Kysely<Schema>,
  installationId: string,
  { kind, discardedId, survivingId }: Merge,
): Promise<void> {
  const all = transaction.updateTable('wakes').where('installation_id', '=', installationId);
  if (kind === 'user') {
    // What the discarded one was called elsewhere is not what the survivor is called.
    const survivor = { user_id: survivingId, external_id: null };
    await all.set(survivor).where('user_id', '=', discardedId).execute();
    return;
  }
  await all
    .set({ conversation_id: survivingId })
    .where('conversation_id', '=', discardedId)
    .where('key', 'not in', (query) =>
      query
        .selectFrom('wakes as others')
        .select('others.key')
        .where('others.installation_id', '=', installationId)
        .where('others.conversation_id', '=', survivingId),
    )
    .execute();
  const rest = { userIds: [], conversationIds: [discardedId] };
  await forgetWakes(transaction, installationId, rest);
}

/** An account that revoked our access: what was to be said to its customers is not kept. */
export async function dropWakes(
  transaction: Kysely<Schema>,
  installationId: string,
): Promise<void> {
  await transaction.deleteFrom('wakes').where('installation_id', '=', installationId).execute();
}
