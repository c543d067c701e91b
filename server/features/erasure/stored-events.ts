import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Core } from '../../core.ts';
import type { Schema } from '../../store/schema.ts';
import { SETTLED, UNSETTLED } from '../../store/tables/account-events.ts';
import { tellOfDroppedWords } from '../gone.ts';
import { containing, isUnsettledOf } from '../shared/account-events.ts';

/** Rows looked at in one go. Small, so that on SQLite no delivery waits long for its turn. */
const PAGE = 500;
/** The events that are handled here: nothing is stored of them for longer. */
export const ERASURE_TYPES = ['user:remove', 'user:merge', 'conversation:remove'] as const;
const DELETED = 'Deleted, with the customer or the conversation it was about.';

/** The keys of events that wait or failed and name the user; few, whatever was handled already. */
export async function* findUnhandledKeys(
  kysely: Kysely<Schema>,
  installationId: string,
  userId: string,
): AsyncGenerator<string> {
  const quoted = JSON.stringify(userId);
  const names = [`"id":${quoted}`, `"userId":${quoted}`];
  const isMention = sql<boolean>`payload like ${containing(quoted)} escape '\\'`;
  for await (const page of listUnhandled(kysely, installationId, isMention))
    for (const { conversation_key: key, payload } of page)
      if (names.some((name) => payload?.includes(name) === true)) yield key;
}

/** What is kept of events that wait or failed, a page at a time. */
export async function* listUnhandledPayloads(
  kysely: Kysely<Schema>,
  installationId: string,
): AsyncGenerator<string[]> {
  const hasPayload = sql<boolean>`payload is not null`;
  for await (const page of listUnhandled(kysely, installationId, hasPayload))
    yield page.flatMap(({ payload }) => (payload === null ? [] : [payload]));
}

async function* listUnhandled(
  kysely: Kysely<Schema>,
  installationId: string,
  condition: RawBuilder<boolean>,
) {
  const seqs = await findUnhandledSeqs(kysely, installationId);
  for (let start = 0; start < seqs.length; start += PAGE) {
    yield await kysely
      .selectFrom('events')
      .select(['conversation_key', 'payload'])
      .where('seq', 'in', seqs.slice(start, start + PAGE))
      .where('type', 'not in', ERASURE_TYPES)
      .where(condition)
      .execute();
    await new Promise(setImmediate);
  }
}

/** From the two indexes on them alone. */
async function findUnhandledSeqs(
  kysely: Kysely<Schema>,
  installationId: string,
): Promise<number[]> {
  const seqs = kysely.selectFrom('events').select('seq');
  const unsettled = await seqs.where(isUnsettledOf(installationId)).execute();
  const failed = await seqs
    .where('installation_id', '=', installationId)
    .where('state', '=', sql.lit('failed' as const))
    .execute();
  return [...unsettled, ...failed].map(({ seq }) => seq);
}

/**
 * Of the events of these conversations stay the id, by which a late duplicate is known, type and times:
 * nothing that leads to a conversation. An attempt that is under way finds its event settled.
 */
export async function forgetEvents(
  core: Pick<Core, 'parts'>,
  transaction: Kysely<Schema>,
  installationId: string,
  keys: readonly string[],
  at: number,
): Promise<void> {
  for (const states of [UNSETTLED, SETTLED]) {
    const forgotten = await transaction
      .updateTable('events')
      .set({
        payload: null,
        note: DELETED,
        state: 'ignored',
        conversation_key: sql<string>`installation_id || '/' || event_id`,
        lease_owner: null,
        lease_until: null,
        settled_at: sql<number>`coalesce(settled_at, ${at})`,
      })
      .where('conversation_key', 'in', keys)
      .where(states)
      .returning('event_id')
      .execute();
    for (let start = 0; start < forgotten.length; start += PAGE) {
      const eventIds = forgotten.slice(start, start + PAGE).map((row) => row.event_id);
      await tellOfDroppedWords(core, transaction, installationId, eventIds);
    }
  }
}

/**
 * Gives a conversation's events to another one. One that is being handled at this moment keeps its place:
 * two of one conversation cannot be under way.
 */
export async function moveEvents(
  transaction: Kysely<Schema>,
  fromKey: string,
  toKey: string,
): Promise<void> {
  for (const states of [SETTLED, sql<boolean>`${UNSETTLED} and state = 'waiting'`]) {
    await transaction
      .updateTable('events')
      .set({ conversation_key: toKey })
      .where('conversation_key', '=', fromKey)
      .where(states)
      .execute();
  }
}
