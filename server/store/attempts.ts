import type { Database } from './database.ts';
import type { OAuthAttempt } from './schema.ts';

export interface NewAttempt {
  stateHash: string;
  cookieHash: string;
  ownerId: string;
  provider: string;
  returnTo: string | null;
  lifetimeMs: number;
}

export type AttemptStore = ReturnType<typeof createAttemptStore>;

/** OAuth attempts: each can be consumed once, and only before it expires. */
export function createAttemptStore({
  database: { kysely },
  now,
}: {
  database: Database;
  now: () => number;
}) {
  return {
    async save(attempt: NewAttempt): Promise<void> {
      const createdAt = now();
      await kysely
        .insertInto('oauth_attempts')
        .values({
          state_hash: attempt.stateHash,
          cookie_hash: attempt.cookieHash,
          owner_id: attempt.ownerId,
          provider: attempt.provider,
          return_to: attempt.returnTo,
          created_at: createdAt,
          expires_at: createdAt + attempt.lifetimeMs,
        })
        .execute();
    },

    /** Also an expired one, so that the refusal can say so. */
    async find(stateHash: string): Promise<OAuthAttempt | undefined> {
      return kysely
        .selectFrom('oauth_attempts')
        .selectAll()
        .where('state_hash', '=', stateHash)
        .executeTakeFirst();
    },

    /** One statement: of two callbacks with the same state, one gets the attempt. */
    async consume(stateHash: string): Promise<OAuthAttempt | undefined> {
      return kysely
        .deleteFrom('oauth_attempts')
        .where('state_hash', '=', stateHash)
        .where('expires_at', '>', now())
        .returningAll()
        .executeTakeFirst();
    },

    /** Deletes all but the newest `keep` and returns the state hashes of the deleted ones. */
    async trim(ownerId: string, provider: string, keep: number): Promise<string[]> {
      const rows = await kysely
        .deleteFrom('oauth_attempts')
        .where('owner_id', '=', ownerId)
        .where('provider', '=', provider)
        .where('state_hash', 'not in', (query) =>
          query
            .selectFrom('oauth_attempts as newest')
            .select('newest.state_hash')
            .where('newest.owner_id', '=', ownerId)
            .where('newest.provider', '=', provider)
            .orderBy('newest.created_at', 'desc')
            .orderBy('newest.state_hash')
            .limit(keep),
        )
        .returning('state_hash')
        .execute();
      return rows.map((row) => row.state_hash);
    },

    async deleteExpired(): Promise<void> {
      await kysely.deleteFrom('oauth_attempts').where('expires_at', '<=', now()).execute();
    },
  };
}
