import { sql, type Kysely } from 'kysely';
import type { StoreDeps } from '../store/engines/database.ts';
import type { Schema, StoredEvent } from '../store/schema.ts';
import { headsOf, type ClaimOptions } from './claim.ts';

/** Who goes on with conversations whose event is settled. */
export interface NextClaim extends Pick<ClaimOptions, 'owner' | 'leaseMs'> {
  conversationKeys: readonly string[];
}

/**
 * Takes the next event of each conversation in the transaction that settles the one before it, so that
 * nobody has to look for it. Of a paused account nothing is taken: who goes first is decided elsewhere.
 */
export async function claimNext(
  { database, now }: StoreDeps,
  transaction: Kysely<Schema>,
  { owner, leaseMs, conversationKeys }: NextClaim,
): Promise<StoredEvent[]> {
  if (conversationKeys.length === 0) return [];
  const at = now();
  const claimed = await sql<StoredEvent>`
    update events set
      state = 'working', attempts = attempts + 1, lease_owner = ${owner}, lease_until = ${at + leaseMs}
    where seq in (
      select seq from events as head
      where seq in (
        ${headsOf(conversationKeys)}
      )
      and state = 'waiting' and run_at <= ${at}
      and not exists (
        select 1 from account_pauses where installation_id = head.installation_id
      )
      ${database.dialect.skipLocked}
    )
    returning *`.execute(transaction);
  return claimed.rows;
}
