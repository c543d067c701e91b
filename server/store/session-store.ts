import { callbackify } from 'node:util';
import session, { type SessionData } from 'express-session';
import { z } from 'zod';
import type { Database } from './database.ts';

/** For a session whose cookie has no expiry of its own: it ends with the browser. */
const DEFAULT_LIFETIME_MS = 24 * 60 * 60 * 1000;

const storedSession = z.custom<SessionData>(
  (value) => z.looseObject({ cookie: z.looseObject({}) }).safeParse(value).success,
);

/** express-session's own Store is the base class it demands. */
class DatabaseSessionStore extends session.Store {
  readonly #kysely: Database['kysely'];
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    super();
    this.#kysely = database.kysely;
    this.#now = now;
  }

  override get(
    sid: string,
    callback: (error: unknown, session?: SessionData | null) => void,
  ): void {
    settle(this.#find(sid), callback);
  }

  override set(sid: string, data: SessionData, callback?: (error?: unknown) => void): void {
    settle(this.#save(sid, data), callback);
  }

  override touch(sid: string, data: SessionData, callback?: (error?: unknown) => void): void {
    settle(this.#prolong(sid, data), callback);
  }

  override destroy(sid: string, callback?: (error?: unknown) => void): void {
    settle(this.#remove(sid), callback);
  }

  async deleteExpired(): Promise<void> {
    await this.#kysely.deleteFrom('sessions').where('expires_at', '<=', this.#now()).execute();
  }

  async #find(sid: string): Promise<SessionData | null> {
    const row = await this.#kysely
      .selectFrom('sessions')
      .select('data')
      .where('sid', '=', sid)
      .where('expires_at', '>', this.#now())
      .executeTakeFirst();
    return row ? storedSession.parse(JSON.parse(row.data)) : null;
  }

  async #save(sid: string, data: SessionData): Promise<void> {
    const row = { sid, data: JSON.stringify(data), expires_at: this.#expiryOf(data) };
    await this.#kysely
      .insertInto('sessions')
      .values(row)
      .onConflict((conflict) => conflict.column('sid').doUpdateSet(row))
      .execute();
  }

  async #prolong(sid: string, data: SessionData): Promise<void> {
    await this.#kysely
      .updateTable('sessions')
      .set({ expires_at: this.#expiryOf(data) })
      .where('sid', '=', sid)
      .execute();
  }

  async #remove(sid: string): Promise<void> {
    await this.#kysely.deleteFrom('sessions').where('sid', '=', sid).execute();
  }

  #expiryOf({ cookie }: SessionData): number {
    return cookie.expires ? cookie.expires.getTime() : this.#now() + DEFAULT_LIFETIME_MS;
  }
}

export type SessionStore = DatabaseSessionStore;

export function createSessionStore({
  database,
  now,
}: {
  database: Database;
  now: () => number;
}): SessionStore {
  return new DatabaseSessionStore(database, now);
}

function settle<Result>(
  work: Promise<Result>,
  callback: (error: unknown, result: Result) => void = () => {},
): void {
  callbackify(() => work)(callback);
}
