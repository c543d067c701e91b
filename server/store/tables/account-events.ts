import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Schema, StoredEvent } from '../schema.ts';
import { deleteInSlices, SLICE } from '../slices.ts';

/**
 * No key of an event begins with its account, so that what arrives in one moment is stored side by side,
 * however many accounts it is of. The events of one are found by their lanes (inbox/lanes.ts), which begin
 * with its id, in two indexes: one of what is not settled, and one of the rest. Written as these spell it,
 * so that SQLite uses them.
 */
const UNSETTLED = sql<boolean>`state in ('waiting', 'working')`;
const SETTLED = sql<boolean>`state in ('done', 'ignored', 'failed')`;

/** Behind the last lane of an installation, where lanes are compared byte by byte. */
export const laneEnd = (installationId: string): string => `${installationId}0`;

const isOf = (installationId: string) =>
  sql<boolean>`conversation_key > ${installationId} and conversation_key < ${laneEnd(installationId)}`;

export const isUnsettledOf = (installationId: string) =>
  sql<boolean>`${UNSETTLED} and ${isOf(installationId)}`;

/** Of all events of an installation, without reading one. */
export const seqsOf = (installationId: string) => sql<{ seq: number }>`
  select seq from events where ${UNSETTLED} and ${isOf(installationId)}
  union all
  select seq from events where ${SETTLED} and ${isOf(installationId)}`;

/**
 * The same a page at a time. An event that is settled meanwhile, or that had failed and is begun again, may be
 * there twice; left out may be one that is moved to another conversation meanwhile.
 */
export async function* pageSeqsOf(
  kysely: Kysely<Schema>,
  installationId: string,
): AsyncGenerator<number[]> {
  type Place = Pick<StoredEvent, 'conversation_key' | 'seq'>;
  async function read(isOne: RawBuilder<boolean>, isBehind: RawBuilder<boolean>) {
    const { rows } = await sql<Place>`
      select conversation_key, seq from events where ${isOne} and ${isBehind}
      order by conversation_key, seq limit ${sql.lit(SLICE)}`.execute(kysely);
    return rows;
  }

  for (const isOne of [UNSETTLED, SETTLED, UNSETTLED]) {
    let last: Place | undefined = { conversation_key: installationId, seq: 0 };
    while (last !== undefined) {
      const { conversation_key: lane, seq } = last;
      // Not as (conversation_key, seq) > (…): SQLite would find the lane, and read all of it again.
      let page = await read(isOne, sql<boolean>`conversation_key = ${lane} and seq > ${seq}`);
      if (page.length === 0)
        page = await read(
          isOne,
          sql<boolean>`conversation_key > ${lane} and conversation_key < ${laneEnd(installationId)}`,
        );
      last = page.at(-1);
      if (last !== undefined) yield page.map((place) => place.seq);
    }
  }
}

export async function deleteEventsOf(
  kysely: Kysely<Schema>,
  installationId: string,
): Promise<void> {
  for (const isOne of [UNSETTLED, SETTLED])
    await deleteInSlices(kysely, 'events', ['seq'], sql`${isOne} and ${isOf(installationId)}`);
}
