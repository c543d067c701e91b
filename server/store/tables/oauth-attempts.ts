import { sql } from 'kysely';
import type { StoreDeps } from '../engines/database.ts';
import type { OAuthAttempt } from '../schema.ts';
import { deleteInSlices } from '../slices.ts';

type NewAttempt = Pick<
  OAuthAttempt,
  'state_hash' | 'cookie_hash' | 'owner_id' | 'provider' | 'return_to'
>;

/** The attempts of one browser: its owner's, and those whose cookies it holds. */
interface BrowserOfAttempts {
  ownerId: string;
  cookieHashes: readonly string[];
}

/** OAuth attempts: each can be started once, and only before it expires; it is kept with what came of it. */
export function createOAuthAttemptStore({ database: { kysely }, now }: StoreDeps) {
  return {
    async save(attempt: NewAttempt, lifetimeMs: number): Promise<void> {
      const created_at = now();
      const times = { created_at, expires_at: created_at + lifetimeMs };
      const row = { ...attempt, installation_id: readInstallationId(attempt.return_to), ...times };
      await kysely.insertInto('oauth_attempts').values(row).execute();
    },

    /** Also an expired one, so that the refusal can say so. */
    async find(stateHash: string): Promise<OAuthAttempt | undefined> {
      const attempts = kysely.selectFrom('oauth_attempts').selectAll();
      return await attempts.where('state_hash', '=', stateHash).executeTakeFirst();
    },

    /** One statement: of two callbacks with the same state, one may go on, for the owner it says. */
    async start(stateHash: string, ownerId: string): Promise<boolean> {
      const { numUpdatedRows } = await kysely
        .updateTable('oauth_attempts')
        .set({ started_at: now(), owner_id: ownerId })
        .where('state_hash', '=', stateHash)
        .where('started_at', 'is', null)
        .where('expires_at', '>', now())
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /** `leadsTo` is the page that the outcome names. */
    async settle(stateHash: string, outcome: string, leadsTo: string | null): Promise<void> {
      const id = readInstallationId(leadsTo);
      await kysely
        .updateTable('oauth_attempts')
        .set((query) => ({
          outcome,
          // What it is for stays; what it led to may have been removed in the meantime.
          installation_id: query.fn.coalesce(
            query.selectFrom('installations').select('id').where('id', '=', id),
            'oauth_attempts.installation_id',
          ),
        }))
        .where('state_hash', '=', stateHash)
        .execute();
    },

    /** Gives a browser's attempts to an owner, as far as they are unused and theirs owns nothing. */
    async adopt({ ownerId, cookieHashes }: BrowserOfAttempts): Promise<void> {
      if (cookieHashes.length === 0) return;
      const owners = kysely.selectFrom('installation_owners').select('owner_id');
      await kysely
        .updateTable('oauth_attempts')
        .set({ owner_id: ownerId })
        .where('cookie_hash', 'in', cookieHashes)
        .where('started_at', 'is', null)
        .where('owner_id', 'not in', owners)
        .execute();
    },

    /** Deletes all of a browser but the newest `keep`, used ones first; returns their state hashes. */
    async trim({ ownerId, cookieHashes }: BrowserOfAttempts, keep: number): Promise<string[]> {
      const rows = await kysely
        .selectFrom('oauth_attempts')
        .select('state_hash')
        .where((is) =>
          cookieHashes.length === 0
            ? is('owner_id', '=', ownerId)
            : is.or([is('owner_id', '=', ownerId), is('cookie_hash', 'in', cookieHashes)]),
        )
        .orderBy((order) => order.case().when('started_at', 'is', null).then(0).else(1).end())
        .orderBy('created_at', 'desc')
        .orderBy('state_hash')
        .execute();
      const dropped = rows.slice(keep).map((row) => row.state_hash);
      if (dropped.length > 0)
        await kysely.deleteFrom('oauth_attempts').where('state_hash', 'in', dropped).execute();
      return dropped;
    },

    async deleteOld(): Promise<void> {
      const isOld = sql`expires_at <= ${now()}`;
      await deleteInSlices(kysely, 'oauth_attempts', ['state_hash'], isOld);
    },
  };
}

function readInstallationId(path: string | null): string | null {
  return /^\/installations\/([^/]+)/.exec(path ?? '')?.[1] ?? null;
}
