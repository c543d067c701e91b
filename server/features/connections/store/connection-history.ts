import { sql } from 'kysely';
import { z } from 'zod';
import { type Database, isForeignKeyViolation } from '../../../store/engines/database.ts';
import { deleteInSlices } from '../../../store/slices.ts';

/** A field that is no secret, before and after. */
const FieldChange = z.object({
  field: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});
type FieldChange = z.infer<typeof FieldChange>;
export const Changes = z.array(FieldChange);

/** More than a connection ever has. */
export const ALL_LINES = 10_000;

export interface HistoryLine {
  actor: string;
  text: string;
  changes: FieldChange[];
  at: number;
}

/** In place of a browser's owner id: the app did it by itself. */
export const SHOPKEEPER = 'shopkeeper';
export const SOMEBODY_WITH_LINK = 'reconnect-link';

/** Who did what to a connection, and when. It goes with its connection, or after its time. */
export function createConnectionHistory({
  database: { kysely },
  now,
}: {
  database: Database;
  now: () => number;
}) {
  return {
    /**
     * Of the changes those that are none are left out. Nothing is written of a connection that is gone:
     * whoever did something to it may be late.
     */
    async add(
      connectionId: string,
      { actor, text, changes = [] }: { actor: string; text: string; changes?: FieldChange[] },
    ): Promise<void> {
      await kysely
        .insertInto('connection_history')
        .values({
          connection_id: connectionId,
          actor,
          text,
          changes: JSON.stringify(changes.filter(({ from, to }) => from !== to)),
          at: now(),
        })
        .execute()
        .catch((error: unknown) => {
          if (!isForeignKeyViolation(error)) throw error;
        });
    },

    async deleteOlderThan(ageMs: number): Promise<void> {
      await deleteInSlices(kysely, 'connection_history', ['id'], sql`at < ${now() - ageMs}`);
    },

    /** Newest first. */
    async list(connectionId: string, limit: number): Promise<HistoryLine[]> {
      const rows = await kysely
        .selectFrom('connection_history')
        .selectAll()
        .where('connection_id', '=', connectionId)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ actor, text, changes, at }) => ({
        actor,
        text,
        changes: Changes.parse(JSON.parse(changes)),
        at,
      }));
    },
  };
}
