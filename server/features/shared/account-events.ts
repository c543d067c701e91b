import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Schema, StoredEvent } from '../../store/schema.ts';
import { SLICE } from '../../store/slices.ts';
import { isOf, laneEnd, SETTLED, UNSETTLED } from '../../store/tables/account-events.ts';

/** What an event says, from when it was handled, in milliseconds; `retention` deletes it then. */
export const PAYLOAD_KEPT_MS = 7 * 24 * 60 * 60_000;

export const isUnsettledOf = (installationId: string) =>
  sql<boolean>`${UNSETTLED} and ${isOf(installationId)}`;

/** For `like … escape '\'`: whatever holds the text somewhere. */
export const containing = (text: string): string =>
  `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

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
