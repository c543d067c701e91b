import { callbackify } from 'node:util';
import session, { type SessionData } from 'express-session';
import { sql } from 'kysely';
import { z } from 'zod';
import type { StoreDeps } from '../engines/database.ts';
import { deleteInSlices } from '../slices.ts';

/** For a session whose cookie has no expiry of its own: it ends with the browser. */
const DEFAULT_LIFETIME_MS = 24 * 60 * 60 * 1000;
/** Longer than any request that may still hold a session when it is destroyed. */
const DESTROYED_KEPT_MS = 60 * 60 * 1000;
const DESTROYED = '';

const WithCookie = z.looseObject({ cookie: z.looseObject({}) });
const StoredSession = z.custom<SessionData>((value) => WithCookie.safeParse(value).success);

export function createSessionStore({ database: { kysely }, now }: StoreDeps) {
  async function find(sid: string): Promise<SessionData | null> {
    const row = await kysely
      .selectFrom('sessions')
      .select('data')
      .where('sid', '=', sid)
      .where('data', '!=', DESTROYED)
      .where('expires_at', '>', now())
      .executeTakeFirst();
    if (row === undefined) return null;
    const stored = StoredSession.parse(JSON.parse(row.data));
    // Without an expiry, express-session does not send the cookie again with each change. A slow request
    // would otherwise put its old id in the place of one that was issued in the meantime.
    stored.cookie.expires = null;
    stored.cookie.originalMaxAge = null;
    return stored;
  }

  /** Stores a session, or what changed of it; one that was destroyed stays destroyed. */
  async function save(sid: string, held: SessionData): Promise<void> {
    const data = JSON.stringify(held);
    const lifetimeMs = held.cookie.originalMaxAge;
    const expires_at = now() + (lifetimeMs ?? DEFAULT_LIFETIME_MS);
    await kysely
      .insertInto('sessions')
      .values({ sid, data, expires_at })
      .onConflict((conflict) =>
        conflict
          .column('sid')
          .doUpdateSet(lifetimeMs === null ? { data } : { data, expires_at })
          .where('sessions.data', '!=', DESTROYED),
      )
      .execute();
  }

  /** Empties it, and keeps its id for a while against a request that still holds it. */
  async function destroy(sid: string): Promise<void> {
    await kysely
      .updateTable('sessions')
      .set({ data: DESTROYED, expires_at: now() + DESTROYED_KEPT_MS })
      .where('sid', '=', sid)
      .where('data', '!=', DESTROYED)
      .execute();
  }

  /**
   * express-session demands its own Store as the base class. Without a `touch` nothing is written for a request
   * that changes nothing: a session lives longer when it is saved with a new expiry.
   */
  class SessionStore extends session.Store {
    override get = callbackify(find);
    override set = callbackify(save);
    override destroy = callbackify(destroy);

    deleteOld = () => deleteInSlices(kysely, 'sessions', ['sid'], sql`expires_at <= ${now()}`);
  }
  return new SessionStore();
}
