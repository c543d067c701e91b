import type { Insertable, Kysely } from 'kysely';
import type { Database } from './database.ts';
import type { ActivityLine, ActivityTable, Schema } from './schema.ts';

type Listener = () => void;

export type ActivityStore = ReturnType<typeof createActivityStore>;

/** What happened to an installation, in words; never with a secret in them. */
export function createActivityStore({
  database: { kysely },
  now,
}: {
  database: Database;
  now: () => number;
}) {
  const listeners = new Map<string, Set<Listener>>();

  /** Tells who listens in this process that there are new lines. */
  function announce(installationId: string): void {
    for (const listener of listeners.get(installationId) ?? []) listener();
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

    /**
     * Calls the listener after lines that this process adds or announces; lines of other instances are only
     * seen by listing. The listener must not throw. Returns the function that ends it.
     */
    subscribe(installationId: string, listener: Listener): () => void {
      const subscribed = listeners.get(installationId) ?? new Set();
      listeners.set(installationId, subscribed.add(listener));
      return () => {
        subscribed.delete(listener);
        if (subscribed.size === 0) listeners.delete(installationId);
      };
    },
  };
}

export async function insertActivity(
  kysely: Kysely<Schema>,
  line: Insertable<ActivityTable>,
): Promise<void> {
  // PostgreSQL refuses U+0000 in text and SQLite's driver ends the text there.
  const text = line.text.replaceAll('\u0000', '\uFFFD');
  await kysely
    .insertInto('activity')
    .values({ ...line, text })
    .execute();
}
