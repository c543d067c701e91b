import { type Migration, Migrator, sql } from 'kysely';
import { codeOf, messageOf, OperatorError } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import type { Database, Dialect } from './engines/database.ts';
import { initial } from './migrations/0001-initial.ts';

/**
 * Brings the schema up to date; instances that start together wait for each other.
 * @throws OperatorError for whatever the operator can put right.
 */
export async function migrate(
  { dialect, direct }: Pick<Database, 'dialect' | 'direct'>,
  features: readonly Feature[],
): Promise<void> {
  await direct(async (connection) => {
    await dialect.aroundMigrations(connection, async () => {
      const database = { dialect, kysely: connection };
      const { pending, leftOver, newer } = await readMigrations(database, features);
      if (newer.length > 0)
        throw new OperatorError(
          `A newer version has changed this database (${newer.join(', ')}): run that version, or a newer one.`,
        );
      // As at nearly every start; Kysely would look at every table several times to find that out.
      if (pending.length === 0) return;
      // Kysely wants to know all that have run, so those of deleted features stand in as empty.
      const migrations = Object.fromEntries(leftOver.map((name) => [name, toMigration([])]));
      Object.assign(migrations, createMigrations(dialect, features));
      const schema = await dialect.findSchema(connection);
      const migrator = new Migrator({
        db: connection,
        // A feature may be added to a database that has others already.
        allowUnorderedMigrations: true,
        provider: { getMigrations: async () => migrations },
        ...(schema === undefined ? {} : { migrationTableSchema: schema }),
      });
      await migrateToLatest(migrator);
    });
  });
}

/** How far a database is, by the names in its migration table. */
export async function readMigrations(
  database: Pick<Database, 'dialect' | 'kysely'>,
  features: readonly Feature[],
) {
  const done = await listMigrations(database);
  const known = Object.keys(createMigrations(database.dialect, features));
  const unknown = done.filter((name) => !known.includes(name));
  /** Whoever deletes a feature goes on with the database he has; its tables stay, unused. */
  const isLeftOver = (name: string) =>
    name.includes('/') && !features.some((feature) => name.startsWith(`${feature.name}/`));
  return {
    pending: known.filter((name) => !done.includes(name)),
    leftOver: unknown.filter(isLeftOver),
    /** Of a newer version of this app. */
    newer: unknown.filter((name) => !isLeftOver(name)),
  };
}

/** By name: the core's, and those of the features as `{feature}/{name}`. */
function createMigrations(dialect: Dialect, features: readonly Feature[]) {
  const ofFeatures = features.flatMap(({ name: feature, migrations = {} }) =>
    Object.entries(migrations).map(([name, write]) => [`${feature}/${name}`, write] as const),
  );
  const all = [['0001-initial', initial] as const, ...ofFeatures];
  return Object.fromEntries(all.map(([name, write]) => [name, toMigration(write(dialect))]));
}

const toMigration = (statements: readonly string[]): Migration => ({
  async up(kysely) {
    for (const statement of statements) await sql.raw(statement).execute(kysely);
  },
});

/** The names of those that have run, in order. */
export async function listMigrations({
  dialect,
  kysely,
}: Pick<Database, 'dialect' | 'kysely'>): Promise<string[]> {
  if (!(await dialect.hasTable(kysely, 'kysely_migration'))) return [];
  const names = sql<{ name: string }>`select name from kysely_migration order by name`;
  return (await names.execute(kysely)).rows.map(({ name }) => name);
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
