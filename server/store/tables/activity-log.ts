import type { Insertable, Kysely } from 'kysely';
import { replaceNul } from '../../text.ts';
import type { Database } from '../engines/database.ts';
import type { ActivityLine, ActivityTable, Schema } from '../schema.ts';

export type ActivityLog = ReturnType<typeof createActivityLog>;

/** What happened to an installation, in words; never with a secret in them. */
export function createActivityLog({
  database: { kysely, signals },
  now,
}: {
  database: Database;
  now: () => number;
}) {
  /** Tells whoever watches this installation, in any instance, that there are new lines. */
  function announce(installationId: string): void {
    signals.publish('activity', installationId);
  }

  return {
    announce,

    async add(installationId: string, kind: string, text: string): Promise<void> {
      await insertActivity(kysely, { installation_id: installationId, kind, text, at: now() });
      announce(installationId);
    },

    /** Oldest first. */
    async listAfter(
      installationId: string,
      afterId: number,
      limit: number,
    ): Promise<ActivityLine[]> {
      return kysely
        .selectFrom('activity')
        .selectAll()
        .where('installation_id', '=', installationId)
        .where('id', '>', afterId)
        .orderBy('id')
        .limit(limit)
        .execute();
    },

    /** Newest first. */
    async latest(installationId: string, limit: number): Promise<ActivityLine[]> {
      return kysely
        .selectFrom('activity')
        .selectAll()
        .where('installation_id', '=', installationId)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
    },

    async deleteOlderThan(ageMs: number): Promise<void> {
      await kysely
        .deleteFrom('activity')
        .where('at', '<', now() - ageMs)
        .execute();
    },

    /** Calls the listener when there may be new lines. Answers the function that ends it. */
    subscribe: (installationId: string, listener: () => void): (() => void) =>
      signals.subscribe('activity', (changed) => {
        if (changed === installationId) listener();
      }),
  };
}

export async function insertActivity(
  kysely: Kysely<Schema>,
  line: Insertable<ActivityTable>,
): Promise<void> {
  await kysely
    .insertInto('activity')
    .values({ ...line, text: replaceNul(line.text) })
    .execute();
}
