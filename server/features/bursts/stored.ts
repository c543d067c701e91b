import { sql, type Kysely } from 'kysely';
import type { Settlement } from '../../inbox/settle.ts';
import type { Schema, StoredEvent } from '../../store/schema.ts';

export const nameFirst = (eventId: string) => `Together with event ${eventId}.`;

/** The first of those with which an event is answered, which may be itself; undefined: it is answered alone. */
export async function findFirst(
  kysely: Kysely<Schema>,
  { installation_id: installationId, event_id: id }: StoredEvent,
): Promise<{ id: string; state: StoredEvent['state'] | null } | undefined> {
  return await kysely
    .selectFrom('burst_messages as message')
    .leftJoin('events as first', (join) =>
      join
        .onRef('first.installation_id', '=', 'message.installation_id')
        .onRef('first.event_id', '=', 'message.first_id'),
    )
    .select(['message.first_id as id', 'first.state'])
    .where('message.installation_id', '=', installationId)
    .where('message.event_id', '=', id)
    .executeTakeFirst();
}

/** Those that are answered with the first, and were not yet. */
export async function listOthers(
  kysely: Kysely<Schema>,
  first: StoredEvent,
): Promise<StoredEvent[]> {
  return await kysely
    .selectFrom('events')
    .selectAll('events')
    .innerJoin('burst_messages as message', (join) =>
      join
        .onRef('message.installation_id', '=', 'events.installation_id')
        .onRef('message.event_id', '=', 'events.event_id'),
    )
    .where('message.installation_id', '=', first.installation_id)
    .where('message.first_id', '=', first.event_id)
    .where('seq', '!=', first.seq)
    .where('state', 'in', ['waiting', 'working', 'failed'])
    .orderBy('seq')
    .execute();
}

/** @throws when the first is no longer ours, or another one is not as it was read. */
export async function storeBurst(
  transaction: Kysely<Schema>,
  first: StoredEvent,
  others: readonly StoredEvent[],
): Promise<void> {
  const { seq, attempts, lease_owner: owner } = first;
  const seqs = others.map((one) => one.seq);
  // Changes nothing: what is counted stays as it is until the burst is stored.
  const { numUpdatedRows } = await transaction
    .updateTable('events')
    .set({ attempts: sql<number>`attempts` })
    .where((row) =>
      row.or([
        row.and({ seq, attempts, lease_owner: owner }),
        row.and([row('seq', 'in', seqs), row('state', '=', 'waiting')]),
      ]),
    )
    .executeTakeFirst();
  if (numUpdatedRows !== BigInt(others.length + 1))
    throw new Error('The messages to be answered together have changed meanwhile.');
  const rows = [first, ...others].map(({ installation_id, event_id }) => ({
    installation_id,
    event_id,
    first_id: first.event_id,
  }));
  await transaction.insertInto('burst_messages').values(rows).execute();
}

/** What is answered with an event is settled with it, in the same transaction. */
export async function settleTogether(
  transaction: Kysely<Schema>,
  settlements: readonly Settlement[],
  at: number,
): Promise<void> {
  const ids = settlements.map(({ event }) => event.event_id);
  if (ids.length === 0) return;
  const stored = await transaction
    .selectFrom('burst_messages')
    .selectAll()
    .where('first_id', 'in', ids)
    .execute();
  for (const { event, state, dropPayload } of settlements) {
    const { installation_id: installationId, event_id: id } = event;
    const messages = stored
      .filter((one) => one.installation_id === installationId && one.first_id === id)
      .map((one) => one.event_id);
    if (messages.length === 0) continue;
    await transaction
      .updateTable('events')
      .set({
        state,
        note: nameFirst(id),
        settled_at: at,
        attempts: sql<number>`attempts + 1`,
        lease_owner: null,
        lease_until: null,
        ...(dropPayload ? { payload: null } : {}),
      })
      .where('installation_id', '=', installationId)
      .where('event_id', 'in', messages)
      .where('event_id', '!=', id)
      // After a merge it may be under way itself, only to find that it has to wait for this one.
      .where('state', 'in', ['waiting', 'working', 'failed'])
      .execute();
    if (state !== 'failed') await forgetMessages(transaction, installationId, messages);
  }
}

/** Of these events, or of all of an installation. */
export async function forgetMessages(
  transaction: Kysely<Schema>,
  installationId: string,
  eventIds?: readonly string[],
): Promise<void> {
  const rows = transaction
    .deleteFrom('burst_messages')
    .where('installation_id', '=', installationId);
  await (eventIds === undefined ? rows : rows.where('event_id', 'in', eventIds)).execute();
}

/** Those of events that are gone, or were settled by other means; never many. */
export async function deleteOldMessages(kysely: Kysely<Schema>): Promise<void> {
  await sql`
    delete from burst_messages where not exists (
      select 1 from events
      where events.installation_id = burst_messages.installation_id
        and events.event_id = burst_messages.event_id
        and events.state in ('waiting', 'working', 'failed')
    )`.execute(kysely);
}
