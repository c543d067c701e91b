import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { codeOf, messageOf, OperatorError } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import type { Database, Engine } from './engines/database.ts';
import { initial } from './migrations/0001-initial.ts';
import type { Schema } from './schema.ts';

const CORE = { '0001-initial': initial };

/**
 * Brings the schema up to date; instances that start together wait for each other.
 * @throws OperatorError for whatever the operator can put right.
 */
export async function migrate(
  { engine, direct }: Pick<Database, 'engine' | 'direct'>,
  features: readonly Feature[],
): Promise<void> {
  await direct(async (connection) => {
    if (engine === 'postgres') await refuseReadOnly(connection);
    const migrations = await findMigrations({ engine, kysely: connection }, features);
    const migrator = new Migrator({
      db: connection,
      // A feature may be added to a database that has others already.
      allowUnorderedMigrations: true,
      provider: { getMigrations: async () => migrations },
      ...(engine === 'postgres' && { migrationTableSchema: await findSchema(connection) }),
    });
    if (engine === 'sqlite') await inTransaction(connection, () => migrateToLatest(migrator));
    else await migrateToLatest(migrator);
  });
}

/** How far a database is, by the names in its migration table. */
export async function readMigrations(
  database: Pick<Database, 'engine' | 'kysely'>,
  features: readonly Feature[],
) {
  const done = await listMigrations(database);
  const known = Object.keys(createMigrations(database.engine, features));
  const unknown = done.filter((name) => !known.includes(name));
  /** Whoever deletes a feature goes on with the database he has; its tables stay, unused. */
  const isLeftOver = (name: string) =>
    name.includes('/') && !features.some((feature) => name.startsWith(`${feature.name}/`));
  return {
    done,
    pending: known.filter((name) => !done.includes(name)),
    leftOver: unknown.filter(isLeftOver),
    /** Of a newer version of this app. */
    newer: unknown.filter((name) => !isLeftOver(name)),
  };
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

/** By name: the core's, and those of the features as `{feature}/{name}`. */
function createMigrations(engine: Engine, features: readonly Feature[]): Record<string, Migration> {
  const all = [
    ...Object.entries(CORE),
    ...features.flatMap(({ name: feature, migrations = {} }) =>
      Object.entries(migrations).map(([name, create]) => [`${feature}/${name}`, create] as const),
    ),
  ];
  return Object.fromEntries(all.map(([name, create]) => [name, create(engine)]));
}

/** Kysely wants to know every migration that has run, so those of deleted features stand in as empty. */
async function findMigrations(
  database: Pick<Database, 'engine' | 'kysely'>,
  features: readonly Feature[],
): Promise<Record<string, Migration>> {
  const { leftOver, newer } = await readMigrations(database, features);
  if (newer.length > 0) {
    throw new OperatorError(
      `A newer version has changed this database (${newer.join(', ')}): run that version, or a newer one.`,
    );
  }
  const empty: Migration = { up: async () => {} };
  return {
    ...createMigrations(database.engine, features),
    ...Object.fromEntries(leftOver.map((name) => [name, empty])),
  };
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

/** Where tables are made: the first of search_path that is there. Another schema may hold another shop. */
async function findSchema(connection: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ name: string | null }>`select current_schema() as name`.execute(
    connection,
  );
  const name = rows[0]?.name ?? null;
  if (name !== null) return name;
  throw new OperatorError(
    'The PostgreSQL database has none of the schemas of its search_path. Create one, or correct search_path.',
  );
}

async function migrateToLatest(migrator: Migrator): Promise<void> {
  const { error, results = [] } = await migrator.migrateToLatest();
  if (!error) return;
  const failed = results.find((result) => result.status === 'Error');
  const name = failed ? `migration ${failed.migrationName}` : 'the migrations';
  // insufficient_privilege
  const advice =
    codeOf(error) === '42501'
      ? ' Let the user of DATABASE_URL create tables: grant create, usage on schema … to … (docs/databases.md).'
      : '';
  throw new OperatorError(`Could not run ${name}: ${messageOf(error)}.${advice}`, { cause: error });
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
