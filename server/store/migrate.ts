import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { codeOf, messageOf, OperatorError } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import type { Database, Engine } from './engines/database.ts';
import { createInitialMigration } from './migrations/0001-initial.ts';
import { createFactsMigration } from './migrations/0004-facts.ts';
import { activityOfConversations } from './migrations/0005-activity-of-conversations.ts';
import { tokenChecks } from './migrations/0010-token-checks.ts';
import { outcomesOfAttempts } from './migrations/0020-outcomes-of-attempts.ts';
import { retention } from './migrations/0050-retention.ts';
import { createAccountPausesMigration } from './migrations/0060-account-pauses.ts';
import { lastVisits } from './migrations/0070-last-visits.ts';
import type { Schema } from './schema.ts';

/**
 * Brings the schema up to date; instances that start together wait for each other.
 * @throws OperatorError for whatever the operator can put right.
 */
export async function migrate(
  database: Pick<Database, 'engine' | 'direct'>,
  features: readonly Feature[],
): Promise<void> {
  const { engine } = database;
  await database.direct(async (connection) => {
    if (engine === 'postgres') await refuseReadOnly(connection);
    const migrationTableSchema = engine === 'sqlite' ? undefined : await findSchema(connection);
    const migrator = new Migrator({
      db: connection,
      // A feature may be added to a database that has others already.
      allowUnorderedMigrations: true,
      provider: { getMigrations: async () => createMigrations(engine, features) },
      ...(migrationTableSchema === undefined ? {} : { migrationTableSchema }),
    });
    if (engine === 'sqlite') await inTransaction(connection, () => migrateToLatest(migrator));
    else await migrateToLatest(migrator);
  });
}

/** The names of those that have run, in order. */
export async function listMigrations({
  engine,
  kysely,
}: Pick<Database, 'engine' | 'kysely'>): Promise<string[]> {
  const tables = await kysely.introspection.getTables({ withInternalKyselyTables: true });
  const schema = engine === 'postgres' ? await findSchema(kysely) : undefined;
  const hasRun = tables.some(
    (table) => table.name === 'kysely_migration' && table.schema === schema,
  );
  if (!hasRun) return [];
  const { rows } = await sql<{
    name: string;
  }>`select name from kysely_migration order by name`.execute(kysely);
  return rows.map(({ name }) => name);
}

/** @throws OperatorError when the server takes no writes: it is a standby, or it was set so. */
export async function refuseReadOnly(connection: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ transaction_read_only: string }>`show transaction_read_only`.execute(
    connection,
  );
  if (rows[0]?.transaction_read_only !== 'on') return;
  throw new OperatorError(
    'The PostgreSQL server is read-only. Set DATABASE_URL to the one that takes writes, or wait until this one does.',
  );
}

/** @throws OperatorError when no app has started with the database yet. */
export async function requireTables(database: Pick<Database, 'engine' | 'kysely'>): Promise<void> {
  if ((await listMigrations(database)).length > 0) return;
  throw new OperatorError(
    'The database is empty: no app was started with it yet. If yours is elsewhere, set DATA_DIR or DATABASE_URL as the app has it.',
  );
}

/** Where tables are made: the first of search_path that is there. Another schema may hold another shop. */
export async function findSchema(connection: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ name: string | null }>`select current_schema() as name`.execute(
    connection,
  );
  const name = rows[0]?.name ?? null;
  if (name !== null) return name;
  throw new OperatorError(
    'The PostgreSQL database has none of the schemas of its search_path. Create one, or correct search_path.',
  );
}

/** By name: the core's, and those of the features. */
export function createMigrations(
  engine: Engine,
  features: readonly Feature[],
): Record<string, Migration> {
  const ofFeatures = features.flatMap(({ name, migration }) =>
    migration === undefined ? [] : [[`feature-${name}`, migration(engine)] as const],
  );
  return {
    '0001-initial': createInitialMigration(engine),
    '0004-facts': createFactsMigration(),
    '0005-activity-of-conversations': activityOfConversations,
    '0010-token-checks': tokenChecks,
    '0020-outcomes-of-attempts': outcomesOfAttempts,
    '0050-retention': retention,
    '0060-account-pauses': createAccountPausesMigration(engine),
    '0070-last-visits': lastVisits,
    ...Object.fromEntries(ofFeatures),
  };
}

async function migrateToLatest(migrator: Migrator): Promise<void> {
  const { error, results = [] } = await migrator.migrateToLatest();
  if (!error) return;
  const failed = results.find((result) => result.status === 'Error');
  const name = failed ? `migration ${failed.migrationName}` : 'the migrations';
  throw new OperatorError(
    `Could not run ${name}: ${messageOf(error)}.${adviseOnMigration(error)}`,
    { cause: error },
  );
}

/** What to do about it, where we know. */
function adviseOnMigration(error: unknown): string {
  const newer = /previously executed migration (\S+) is missing/.exec(messageOf(error))?.[1];
  if (newer !== undefined)
    return ` A newer version has changed this database (${newer}): run that version, or a newer one.`;
  switch (codeOf(error)) {
    case '42501':
      return ' Let the user of DATABASE_URL create tables: grant create, usage on schema … to … (docs/databases.md).';
    default:
      return '';
  }
}

/** Kysely runs SQLite migrations bare; half a migration after a crash could never be finished. */
async function inTransaction(connection: Kysely<Schema>, work: () => Promise<void>): Promise<void> {
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
