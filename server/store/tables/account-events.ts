import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.ts';
import { deleteInSlices } from '../slices.ts';

/**
 * No key of an event begins with its account, so that what arrives in one moment is stored side by side,
 * however many accounts it is of. The events of one are found by their lanes (inbox/lanes.ts), which begin
 * with its id, in two indexes: one of what is not settled, and one of the rest. Written as these spell it,
 * so that SQLite uses them.
 */
export const UNSETTLED = sql<boolean>`state in ('waiting', 'working')`;
export const SETTLED = sql<boolean>`state in ('done', 'ignored', 'failed')`;

/** Behind the last lane of an installation, where lanes are compared byte by byte. */
export const laneEnd = (installationId: string): string => `${installationId}0`;

export const isOf = (installationId: string) =>
  sql<boolean>`conversation_key > ${installationId} and conversation_key < ${laneEnd(installationId)}`;

export async function deleteEventsOf(
  kysely: Kysely<Schema>,
  installationId: string,
): Promise<void> {
  for (const isOne of [UNSETTLED, SETTLED])
    await deleteInSlices(kysely, 'events', ['seq'], sql`${isOne} and ${isOf(installationId)}`);
}
