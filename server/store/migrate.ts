import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { messageOf } from '../errors.ts';
import type { Database, Engine } from './database.ts';
import { createInitialMigration } from './migrations/0001-initial.ts';
import { createConnectionsMigration } from './migrations/0002-connections.ts';
import { createTracesMigration } from './migrations/0003-traces.ts';
import { createFactsMigration } from './migrations/0004-facts.ts';
import { activityOfConversations } from './migrations/0005-activity-of-conversations.ts';
import { tokenChecks } from './migrations/0010-token-checks.ts';
import { retention } from './migrations/0050-retention.ts';
import { lastVisits } from './migrations/0070-last-visits.ts';
import type { Schema } from './schema.ts';

/** Brings the schema up to date; instances that start together wait for each other. */
export async function migrate(database: Pick<Database, 'engine' | 'kysely'>): Promise<void> {
  const runMigrations = database.engine === 'sqlite' ? migrateSqlite : migratePostgres;
  await database.kysely.connection().execute(async (connection) => {
    const migrator = new Migrator({
      db: connection,
      provider: {
        getMigrations: async () => createMigrations(database.engine),
      },
    });
    await runMigrations(connection, () => migrateToLatest(migrator));
  });
}

/** By name, in order. */
export function createMigrations(engine: Engine): Record<string, Migration> {
  return {
    '0001-initial': createInitialMigration(engine),
    '0002-connections': createConnectionsMigration(engine),
    '0003-traces': createTracesMigration(engine),
    '0004-facts': createFactsMigration(),
    '0005-activity-of-conversations': activityOfConversations,
    '0010-token-checks': tokenChecks,
    '0050-retention': retention,
    '0070-last-visits': lastVisits,
  };
}

async function migrateToLatest(migrator: Migrator): Promise<void> {
  const { error, results = [] } = await migrator.migrateToLatest();
  if (!error) return;
  const failed = results.find((result) => result.status === 'Error');
  const name = failed ? `migration ${failed.migrationName}` : 'the migrations';
  throw new Error(`Could not run ${name}: ${messageOf(error)}`, {
    cause: error,
  });
}

/** Kysely runs SQLite migrations bare; half a migration after a crash could never be finished. */
async function migrateSqlite(connection: Kysely<Schema>, work: () => Promise<void>): Promise<void> {
  await sql`begin immediate`.execute(connection);
  try {
    await work();
    await sql`commit`.execute(connection);
  } catch (error) {
    // SQLite has rolled back by itself after some errors (a full disk), and then refuses this.
    await sql`rollback`.execute(connection).catch(() => {});
    throw error;
  }
}

/** Neither a long migration nor the wait for another instance's may hit the statement timeout. */
async function migratePostgres(
  connection: Kysely<Schema>,
  work: () => Promise<void>,
): Promise<void> {
  await sql`set statement_timeout = 0`.execute(connection);
  try {
    await work();
  } finally {
    await sql`reset statement_timeout`.execute(connection);
  }
}
