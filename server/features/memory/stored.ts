import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Core } from '../../core.ts';
import { livesOn, type Merge } from '../gone.ts';
import type { Schema } from '../../store/schema.ts';
import { readEntries, sizeOf, writeEntries, type Entries } from './changes.ts';

/** Bytes of JSON, of one conversation and of one customer. */
export const MAX_BYTES = 16 * 1024;

export const TABLES = { conversation: 'conversation_memory', customer: 'customer_memory' } as const;

export type Kind = keyof typeof TABLES;

/** Whose memory it is. */
export interface Place {
  kind: Kind;
  installationId: string;
  id: string;
}

const NOTHING: Entries = new Map();

/**
 * Under which id it lives on: Zendesk may have merged the customer or the conversation into another one
 * since the event was sent.
 */
function findId(
  core: Pick<Core, 'parts'>,
  { kind, installationId, id }: Place,
): RawBuilder<string> {
  if (kind === 'customer') return livesOn(core, { kind: 'user', installationId, id });
  // The memory of a conversation needs its row, which the survivor may not have yet.
  return sql<string>`coalesce((
    select conversation_id from conversations where installation_id = ${installationId}
      and conversation_id = ${livesOn(core, { kind, installationId, id })}), ${id})`;
}

export async function readMemory(
  core: Pick<Core, 'parts'>,
  kysely: Kysely<Schema>,
  place: Place,
): Promise<Entries> {
  const row = await kysely
    .selectFrom(TABLES[place.kind])
    .select('value')
    .where('installation_id', '=', place.installationId)
    .where('subject_id', '=', findId(core, place))
    .executeTakeFirst();
  return row === undefined ? NOTHING : readEntries(row.value);
}

/**
 * Changes what is stored by now, which others may be changing too: the row is locked before it is read, so
 * nobody's keys are lost.
 */
export async function changeMemory(
  core: Pick<Core, 'parts'>,
  transaction: Kysely<Schema>,
  place: Place,
  change: (stored: Entries) => Entries,
  at: number,
): Promise<void> {
  const table = TABLES[place.kind];
  const { installationId: installation_id } = place;
  const { subject_id, value } = await transaction
    .insertInto(table)
    .values({ installation_id, subject_id: findId(core, place), value: '{}', updated_at: at })
    .onConflict((conflict) =>
      conflict.columns(['installation_id', 'subject_id']).doUpdateSet({ updated_at: at }),
    )
    .returning(['subject_id', 'value'])
    .executeTakeFirstOrThrow();
  const entries = change(readEntries(value));
  const isIt = { installation_id, subject_id };
  if (entries.size === 0)
    await transaction
      .deleteFrom(table)
      .where((row) => row.and(isIt))
      .execute();
  else
    await transaction
      .updateTable(table)
      .set({ value: writeEntries(entries) })
      .where((row) => row.and(isIt))
      .execute();
}

/**
 * What is remembered of the discarded one is the survivor's, but for keys that the survivor has itself: the
 * bot goes on under that id, and last said something by what it remembers there. Neither does it get more
 * than a memory may have, because then every `set` would fail.
 */
export async function mergeMemory(
  core: Pick<Core, 'parts'>,
  transaction: Kysely<Schema>,
  installationId: string,
  { kind, discardedId, survivingId }: Merge,
  at: number,
): Promise<void> {
  const part = kind === 'user' ? 'customer' : 'conversation';
  const discarded = await transaction
    .deleteFrom(TABLES[part])
    .where('installation_id', '=', installationId)
    .where('subject_id', '=', discardedId)
    .returning('value')
    .executeTakeFirst();
  if (discarded === undefined) return;
  const place = { kind: part, installationId, id: survivingId } as const;
  await changeMemory(
    core,
    transaction,
    place,
    (stored) => addMissing(stored, readEntries(discarded.value)),
    at,
  );
}

function addMissing(stored: Entries, more: Entries): Entries {
  let all = stored;
  for (const [key, text] of more) {
    if (all.has(key)) continue;
    const next = new Map(all).set(key, text);
    if (sizeOf(next) <= MAX_BYTES) all = next;
  }
  return all;
}
